package org.faceemotionkit.core

/**
 * Learns a person's own neutral from frames as they come, and keeps a few numbers of each. May be used from any thread.
 *
 *     val learner = recognizer.neutralLearner()
 *     learner.add(recognizer.recognize(image, rotation)) // for each image of a face at rest: two seconds of them
 *     val baseline = learner.baseline()
 */
public class NeutralLearner internal constructor(private val answerer: Answerer) {
    private val scores = ArrayList<LongArray>()

    /** How many frames were taken. */
    @get:Synchronized
    public val count: Int get() = scores.size

    /**
     * Takes a frame of a face at rest: all faces that its recognizer found in it. Whether a baseline was used for them
     * makes no difference.
     *
     * @throws NotOneFaceException if that is not exactly one; then the frame is left out, and those before it stay
     * @throws BaselineException if another recognizer found them
     */
    @Synchronized
    public fun add(faces: List<Face>) {
        val frame = "Frame ${count + 1}: "
        val face = faces.singleOrNull() ?: throw NotOneFaceException(frame, faces.size)
        val answer = face.answer?.takeIf { face.answerer == answerer }
            ?: throw BaselineException("${frame}the face is not one that this recognizer found.")
        scores += answer.scores()
    }

    /**
     * The baseline of the frames so far.
     *
     * @throws BaselineException if there is none
     */
    @Synchronized
    public fun baseline(): Baseline {
        if (scores.isEmpty()) throw BaselineException("No frames: one of a face at rest is expected at least.")
        return answerer.run { Baseline(model, head, labels, learnt(scores, labels)) }
    }
}
