// The Kotlin lines of the project's README (tests/mobile/test_android_app.py compares them).
package consumer

import android.content.Context
import android.graphics.Bitmap
import android.util.Log
import org.faceemotionkit.EmotionRecognizer

fun smallest(context: Context, bitmap: Bitmap) {
    val recognizer = EmotionRecognizer.load(context) // not on the main thread
    val faces = recognizer.recognize(bitmap) // or (image: android.media.Image, rotation), with tracks and smoothing
    faces.forEach { Log.i("faces", "${it.shown} in ${it.box}") }
    recognizer.close()
}
