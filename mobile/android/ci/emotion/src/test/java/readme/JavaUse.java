package readme;

import android.content.Context;
import android.graphics.Bitmap;
import java.util.ArrayList;
import java.util.List;
import org.faceemotionkit.EmotionRecognizer;
import org.faceemotionkit.core.Face;

final class JavaUse {
    private JavaUse() {}

    static List<String> expressions(Context context, Bitmap upright) {
        List<String> labels = new ArrayList<>();
        try (EmotionRecognizer recognizer = EmotionRecognizer.load(context)) {
            for (Face face : recognizer.recognize(upright)) {
                labels.add(face.getLabel() + " in " + face.getBox());
            }
        }
        return labels;
    }
}
