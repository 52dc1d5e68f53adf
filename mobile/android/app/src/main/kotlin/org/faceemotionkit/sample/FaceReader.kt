package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.BaselineException
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.NeutralLearner
import java.io.Closeable

/** Learns a person's own neutral from the faces of frames, each with exactly one. */
interface FaceLearner {
    fun add(faces: List<Face>)

    /** What was learnt of at least one frame. */
    fun baseline(): Baseline
}

/**
 * What the presenter knows of a model.
 *
 * @property labels its class names
 * @property trackMemory seconds after which a track without a face is forgotten
 * @property learner makes what learns a person's own neutral, on any thread; null: the model cannot do that
 */
class Model(val labels: List<String>, val trackMemory: Double, val learner: (() -> FaceLearner)?)

/** What the app needs of a recognizer. Used by one thread. */
interface FaceReader : Closeable {
    val model: Model

    /** Small and turned faces of a picture as well. */
    fun read(bitmap: Bitmap): List<Face>

    /** [baselines]: the own neutral of each track that has one. */
    fun read(image: Image, rotation: Int, baselines: Map<Int, Baseline>): List<Face>

    /** Forgets every track: the next frame is another camera's. */
    fun reset()
}

/** The library's recognizer. */
class RecognizerReader(private val recognizer: EmotionRecognizer) : FaceReader {
    override val model = Model(
        recognizer.labels,
        recognizer.trackMemory,
        { Learner(recognizer.neutralLearner()) }.takeIf { canLearn() },
    )

    override fun read(bitmap: Bitmap): List<Face> = recognizer.recognize(bitmap)

    override fun read(image: Image, rotation: Int, baselines: Map<Int, Baseline>): List<Face> =
        recognizer.recognize(image, rotation, baselines)

    override fun reset() = recognizer.reset()

    override fun close() = recognizer.close()

    private fun canLearn() = try {
        recognizer.neutralLearner()
        true
    } catch (_: BaselineException) { // no class "neutral", or no strength
        false
    }

    private class Learner(private val learner: NeutralLearner) : FaceLearner {
        override fun add(faces: List<Face>) = learner.add(faces)

        override fun baseline(): Baseline = learner.baseline()
    }
}
