package consumer;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.RectF;
import java.util.ArrayList;
import java.util.List;
import org.faceemotionkit.Boxes;
import org.faceemotionkit.EmotionRecognizer;
import org.faceemotionkit.RecognizerOptions;
import org.faceemotionkit.core.Baseline;
import org.faceemotionkit.core.Face;
import org.faceemotionkit.core.FrameSource;
import org.faceemotionkit.core.Reach;

/** The Java lines of mobile/android/README.md (tests/mobile/test_android_app.py compares them). */
final class JavaExpressions {
    private JavaExpressions() {}

    static List<String> expressions(Context context, Bitmap upright) {
        RecognizerOptions options = new RecognizerOptions.Builder().reach(Reach.FAR).mostFaces(5).build();
        List<String> labels = new ArrayList<>();
        try (EmotionRecognizer recognizer = EmotionRecognizer.load(context, options)) {
            for (Face face : recognizer.recognize(upright)) {
                RectF box = Boxes.toRectF(face.getBox());
                labels.add(face.getShown() + " in " + box); // "unclear" where !face.isCertain()
            }
        }
        return labels;
    }

    static List<Face> expressions(EmotionRecognizer recognizer, Bitmap upright, Bitmap atRest) {
        Baseline baseline = recognizer.learnNeutral(atRest); // keep baseline.toJson(): Baseline.fromJson reads it
        return recognizer.recognize(upright, baseline);
    }

    static List<Face> ofNv21(EmotionRecognizer recognizer, byte[] bytes, int width, int height, long nanoseconds) {
        return recognizer.recognize(FrameSource.nv21(bytes, width, height).rotated(90).at(nanoseconds));
    }
}
