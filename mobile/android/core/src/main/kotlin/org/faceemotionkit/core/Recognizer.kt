/* Detector, crop, classifier, tracker and smoother in one call. Twin of face_emotion/recognizer.py. */
package org.faceemotionkit.core

import java.io.Closeable

/**
 * Finds faces and reads their expressions. One object a video; one thread at a time (EmotionRecognizer sees to that).
 *
 * An answer is made in this order: the network's scores, less a person's own neutral ([Baseline]), softmax, smoothing,
 * whether it is certain.
 *
 * @property contract of the model; [classifier] and [detector] are closed with this object
 * @param model what [ModelFolder.identity] says, which baselines are bound to
 * @param lookEvery seconds between two looks at whole frames of a video, between which faces are followed; 0: each frame
 *   is looked at
 * @param wanted which of the faces that were found are read
 * @throws IllegalArgumentException if lookEvery is below 0, or not finite
 */
@InternalKitApi
public class Recognizer(
    public val contract: Contract,
    private val classifier: Classifier,
    private val detector: Detector,
    model: String,
    private val lookEvery: Double = LOOK_EVERY,
    private val wanted: WantedFaces = WantedFaces(),
) : Closeable {
    init {
        requireLookEvery(lookEvery)
    }

    private val crop = detector.crop(contract.crop)
    private val sampler = GreySampler(contract.inputSize, contract.luma, crop.maxSamples)
    private val answerer = Answerer(model, classifier.head, contract.labels)
    private var tracker = Tracker(contract.smoothing.resetAfter)
    private var smoother = Smoother(contract.smoothing)
    private var live = detector.live(lookEvery)

    /** The narrowest box of an upright face, in pixels, that fills the input without being enlarged. */
    public val smallestFace: Double get() = crop.boxWidth * contract.inputSize

    /**
     * The faces of an image, the detector's surest first.
     *
     * @param time of a video's frame in seconds; null for a still picture, which neither uses nor changes tracks
     * @param baseline the own neutral of whoever is in the image, for every face of it
     * @param reach null: the contract's for a still picture; for a frame what [LiveSearch] finds: faces are followed
     *   from frame to frame, looked for near now and then, and far less often
     * @throws UnsupportedImageException for an image with a side below [FrameSource.LEAST_SIDE] pixels
     * @throws BaselineException for a baseline of another model, head or labels, or if the model takes none
     * @throws IllegalArgumentException for a time that is not finite
     */
    @JvmOverloads
    public fun recognize(frame: Frame, time: Double?, baseline: Baseline? = null, reach: Reach? = null): List<Face> {
        val offsets = baseline?.let(::offsetsOf)
        return recognize(frame, time, reach) { offsets }
    }

    /** The faces of a video's frame, with the own neutral of each track in [baselines]; the others stay as they are. */
    @JvmOverloads
    public fun recognize(frame: Frame, time: Double, baselines: Map<Int, Baseline>, reach: Reach? = null): List<Face> =
        recognize(frame, time, reach, baselines.mapValues { offsetsOf(it.value) }::get)

    /**
     * Learns a person's own neutral from pictures of the face at rest, each with exactly one face; see [neutralLearner].
     * A bystander far away is no second face: far is looked at only where near finds nobody.
     */
    public fun learnNeutral(frames: List<Frame>): Baseline = learnNeutral(frames.size, frames::get)

    /**
     * The same from [count] pictures that are opened one after the other.
     *
     * @throws NotOneFaceException if one shows no face, or several
     * @throws BaselineException if there are no pictures, or as [neutralLearner] says
     */
    public fun learnNeutral(count: Int, open: (Int) -> Frame): Baseline {
        val learner = neutralLearner()
        for (index in 0 until count) {
            val frame = open(index)
            requireSides(frame)
            val found = facesOf(frame, null, wanted.largeEnough(detector.portrait(frame))) { null }
            if (found.size != 1) {
                throw NotOneFaceException(if (count == 1) "" else "Frame ${index + 1} of $count: ", found.size)
            }
            learner.add(found)
        }
        return learner.baseline()
    }

    /**
     * What learns a person's own neutral from the faces that this object finds, frame by frame.
     *
     * @throws BaselineException if the model has no class "neutral", or states no strength for a baseline
     */
    public fun neutralLearner(): NeutralLearner {
        neutralOf(contract.labels)
        requireStrength(contract.baselineStrength)
        return NeutralLearner(answerer)
    }

    /** Throws [BaselineException] for a baseline of another model, head or labels, or if the model takes none. */
    public fun requireFits(baseline: Baseline) {
        offsetsOf(baseline)
    }

    private fun offsetsOf(baseline: Baseline) = baseline.offsetsFor(answerer, contract.baselineStrength)

    /** [offsets]: what is taken off the scores of a track's face. Whatever is thrown, tracks stay as they were. */
    private fun recognize(frame: Frame, time: Double?, reach: Reach?, offsets: (Int) -> LongArray?): List<Face> {
        time?.let(::requireTime)
        requireSides(frame)
        val found = when {
            reach != null -> detector.detect(frame, reach)
            time == null -> detector.detect(frame, contract.reach)
            else -> live.faces(frame, time)
        }
        return facesOf(frame, time, wanted.of(found), offsets)
    }

    private fun requireSides(frame: Frame) {
        val least = FrameSource.LEAST_SIDE
        if (frame.width < least || frame.height < least) {
            throw UnsupportedImageException(
                "The image has ${frame.width} x ${frame.height} pixels; at least $least x $least are needed.",
            )
        }
    }

    /** What is read of the faces that were found in a frame. */
    private fun facesOf(frame: Frame, time: Double?, found: List<Detection>, offsets: (Int) -> LongArray?): List<Face> {
        val places = found.map { cropTransform(it.uprightBox, it.leftEye, it.rightEye, crop) }
        val answers = places.map { classifier.answer(sampler.sample(frame, it)) }
        val tracks = time?.let { tracker.update(found.map(Detection::box), it) }
        return found.indices.map { index ->
            val track = tracks?.get(index) ?: Face.NO_TRACK
            val values = doubles(answers[index].probabilities(offsets(track)))
            val smoothed = time?.let { smoother.update(track, values, it) }
            val shown = smoothed?.probabilities ?: values
            Face(
                box = found[index].box,
                track = track,
                probabilities = shown.map(Double::toFloat),
                label = contract.labels[smoothed?.label ?: largest(values)],
                score = found[index].score.toFloat(),
                keypoints = found[index].keypoints,
                certain = shown[largest(shown)] >= contract.unsureBelow,
                small = places[index].side < contract.inputSize,
                answer = answers[index],
                answerer = answerer,
            )
        }
    }

    /** Forgets every track: the next frame belongs to another video. Track numbers begin at 1 again. */
    public fun reset() {
        tracker = Tracker(contract.smoothing.resetAfter)
        smoother = Smoother(contract.smoothing)
        live = detector.live(lookEvery)
    }

    override fun close() {
        classifier.close()
        detector.close()
    }

    private fun doubles(values: FloatArray) = DoubleArray(values.size) { values[it].toDouble() }
}
