// The faces of a picture in an Android app that depends on the library mobile/android/emotion. The Android check
// compiles this file; nothing leaves the device.
package org.faceemotionkit.examples

import android.content.Context
import android.graphics.Bitmap
import org.faceemotionkit.EmotionRecognizer
import java.util.Locale

/** One line a face, for example "happy 91 %" or "unclear". Call it off the main thread: loading takes some tenths of a second. */
fun expressionsOf(context: Context, picture: Bitmap): List<String> = EmotionRecognizer.load(context).use { recognizer ->
    recognizer.recognize(picture).map { face ->
        val share = face.probabilities[recognizer.labels.indexOf(face.label)]
        if (face.certain) String.format(Locale.ROOT, "%s %.0f %%", face.label, 100 * share) else "unclear"
    }
}
