package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.Face
import java.io.Closeable

/** What the app needs of a recognizer. Used by one thread. */
interface FaceReader : Closeable {
    /** The model's class names. */
    val labels: List<String>

    /** Below this width of its box, in pixels, a face is read less surely. */
    val smallestFace: Double

    fun read(bitmap: Bitmap): List<Face>

    fun read(image: Image, rotation: Int): List<Face>

    /** Forgets every track: the next frame is another camera's. */
    fun reset()
}

/** The library's recognizer. */
class RecognizerReader(private val recognizer: EmotionRecognizer) : FaceReader {
    override val labels: List<String> = recognizer.labels
    override val smallestFace: Double = recognizer.smallestFace

    override fun read(bitmap: Bitmap): List<Face> = recognizer.recognize(bitmap)

    override fun read(image: Image, rotation: Int): List<Face> = recognizer.recognize(image, rotation)

    override fun reset() = recognizer.reset()

    override fun close() = recognizer.close()
}
