package consumer;

import android.content.Context;
import android.graphics.Bitmap;
import java.util.ArrayList;
import java.util.List;
import org.faceemotionkit.EmotionRecognizer;
import org.faceemotionkit.core.Baseline;
import org.faceemotionkit.core.Face;

/** The Java lines of mobile/android/README.md (tests/mobile/test_android_app.py compares them). */
final class JavaExpressions {
    private JavaExpressions() {}

    static List<String> expressions(Context context, Bitmap upright) {
        List<String> labels = new ArrayList<>();
        try (EmotionRecognizer recognizer = EmotionRecognizer.load(context)) {
            for (Face face : recognizer.recognize(upright)) {
                labels.add((face.isCertain() ? face.getLabel() : "unclear") + " in " + face.getBox());
            }
        }
        return labels;
    }

    static List<Face> expressions(EmotionRecognizer recognizer, Bitmap upright, Bitmap atRest) {
        Baseline baseline = recognizer.learnNeutral(atRest); // keep baseline.toJson(): Baseline.fromJson reads it
        return recognizer.recognize(upright, baseline);
    }
}
