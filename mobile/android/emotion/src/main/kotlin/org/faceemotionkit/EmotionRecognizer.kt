package org.faceemotionkit

import android.content.Context
import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FileSource
import org.faceemotionkit.core.Frame
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.ModelMissingException
import org.faceemotionkit.core.Recognizer
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.core.YuvFrame
import java.io.Closeable

/**
 * Finds faces and reads their expressions, on the device alone. Twin of face_emotion.EmotionRecognizer.
 *
 *     EmotionRecognizer.load(context).use { recognizer ->
 *         for (face in recognizer.recognize(bitmap)) Log.i("face", face.label)
 *     }
 *
 * Threads: every method may be called from any thread; calls wait for each other, so that one object runs one image at
 * a time. `load` and `recognize` take too long for the main thread. One object a video: tracks live in it.
 */
public class EmotionRecognizer private constructor(private val recognizer: Recognizer) : Closeable {
    private val camera = YuvFrame(recognizer.contract.luma)
    private var isClosed = false

    /** The class names in the order of [Face.probabilities]. */
    public val labels: List<String> = recognizer.contract.labels

    /**
     * The narrowest box, in pixels of the upright image, whose face has as many pixels as the network sees: a narrower
     * one is enlarged, and read less surely.
     */
    public val smallestFace: Double = recognizer.contract.smallestFace

    /**
     * The faces of a still picture, the detector's surest first. Neither uses nor changes the state of tracks.
     *
     * @param bitmap upright (EXIF orientation applied), of any configuration, both sides at least 8 pixels
     * @throws org.faceemotionkit.core.UnsupportedImageException for a smaller or recycled bitmap
     * @throws RecognizerClosedException after [close]
     */
    public fun recognize(bitmap: Bitmap): List<Face> = recognize { ArgbFrame(BitmapSource.of(bitmap)) }

    internal fun recognize(still: () -> Frame): List<Face> = alone { recognizer.recognize(still(), time = null) }

    /**
     * The faces of a camera's image, the detector's surest first, with tracks and smoothing from call to call; the time
     * is the image's own timestamp. The image's pixels are copied, so that it may be closed right afterwards.
     *
     * @param image of format YUV_420_888
     * @param rotation how far the image has to be turned clockwise to stand upright, 0, 90, 180 or 270: what
     *   [org.faceemotionkit.core.uprightRotation] gives. Boxes are in pixels of the image so turned, which is not
     *   mirrored.
     * @throws org.faceemotionkit.core.UnsupportedImageException for another format or rotation, or a closed image
     * @throws RecognizerClosedException after [close]
     */
    public fun recognize(image: Image, rotation: Int): List<Face> = alone {
        recognizer.recognize(camera, time = camera.load(image, rotation))
    }

    /** Forgets every track: the next image belongs to another video. Track numbers begin at 1 again. */
    public fun reset(): Unit = alone { recognizer.reset() }

    /** Frees what the networks hold, after a call that still runs. May be called more than once. */
    @Synchronized
    override fun close() {
        if (isClosed) return
        isClosed = true
        recognizer.close()
    }

    @Synchronized
    private fun <T> alone(call: () -> T): T {
        if (isClosed) throw RecognizerClosedException()
        return call()
    }

    public companion object {
        private const val ASSETS = "face_emotion_kit"
        private const val DETECTOR = "face_detector"
        private const val THREADS = 2

        /**
         * Loads a released model and the face detector from the library's assets, and checks their sha256.
         *
         * @param variant the model's folder among the assets; null: the one that was packaged, of several the first by
         *   name
         * @param head whose answer: [Head.LABELS] (FER2013's annotators), [Head.VOTES] (the ten people of FER+ that were
         *   asked about each image) or [Head.BOTH] (the model's blend of them)
         * @throws org.faceemotionkit.core.HeadMissingException if the model does not have the head
         * @throws org.faceemotionkit.core.ModelMissingException if a file is not there
         * @throws org.faceemotionkit.core.ModelDamagedException if a file is not the one that its manifest names
         */
        @JvmStatic
        @JvmOverloads
        public fun load(context: Context, variant: String? = null, head: Head = Head.BOTH): EmotionRecognizer {
            val files = AssetFiles(context.applicationContext.assets)
            return load(files, ASSETS, variant ?: packaged(files), THREADS, head)
        }

        private fun packaged(files: AssetFiles): String = files.list(ASSETS).filter { it != DETECTOR }.minOrNull()
            ?: throw ModelMissingException("$ASSETS holds no model: copy the released model files into the app.")

        /** Loads from any place of files: [root] holds a folder for the variant and one for the detector. */
        internal fun load(
            files: FileSource,
            root: String,
            variant: String,
            threads: Int,
            head: Head = Head.BOTH,
        ): EmotionRecognizer {
            val model = ModelFolder.open(files, "$root/$variant")
            val faces = ModelFolder.open(files, "$root/$DETECTOR")
            val contract = model.contract()
            val settings = faces.detectorSettings()
            val classifier = TfliteRunner(model.artifact("int8"), threads, "$root/$variant")
                .closedOnFailure { Classifier(it, contract, head) }
            val detector = classifier.closedOnFailure {
                TfliteRunner(faces.artifact("tflite"), threads, "$root/$DETECTOR")
                    .closedOnFailure { Detector(it, settings) }
            }
            return EmotionRecognizer(Recognizer(contract, classifier, detector))
        }

        private inline fun <C : Closeable, T> C.closedOnFailure(use: (C) -> T): T = try {
            use(this)
        } catch (error: RuntimeException) {
            close()
            throw error
        }
    }
}
