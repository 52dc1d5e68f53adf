// The Kotlin lines of mobile/android/README.md (tests/mobile/test_android_app.py compares them).
package consumer

import android.content.Context
import android.graphics.Bitmap
import android.media.ImageReader
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Reach
import java.io.Closeable

class Expressions(context: Context) : Closeable {
    private val recognizer = EmotionRecognizer.load(context) // takes a moment: not on the main thread

    fun atRest(upright: Bitmap): Baseline = recognizer.learnNeutral(upright) // whoever looks sad at rest is not

    fun ofPicture(upright: Bitmap, atRest: Baseline? = null): List<Face> = recognizer.recognize(upright, atRest)

    fun ofGroup(upright: Bitmap): List<Face> =
        recognizer.recognize(upright, reach = Reach.FAR) // small, turned faces too

    fun ofCamera(reader: ImageReader, rotation: Int): List<Face> =
        reader.acquireLatestImage()?.use { recognizer.recognize(it, rotation) }.orEmpty()

    override fun close() = recognizer.close()
}
