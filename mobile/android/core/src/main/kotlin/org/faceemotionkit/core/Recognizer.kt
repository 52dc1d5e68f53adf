/* Detector, crop, classifier, tracker and smoother in one call. Twin of face_emotion/recognizer.py. */
package org.faceemotionkit.core

import java.io.Closeable

/**
 * Finds faces and reads their expressions. One object a video; one thread at a time (EmotionRecognizer sees to that).
 *
 * @property contract of the model; [classifier] and [detector] are closed with this object
 */
public class Recognizer(
    public val contract: Contract,
    private val classifier: Classifier,
    private val detector: Detector,
) : Closeable {
    private val sampler = GreySampler(contract.inputSize, contract.luma, contract.crop.maxSamples)
    private var tracker = Tracker(contract.smoothing.resetAfter)
    private var smoother = Smoother(contract.smoothing)

    /**
     * The faces of an image, the detector's surest first.
     *
     * @param time of a video's frame in seconds; null for a still picture, which neither uses nor changes tracks
     * @throws UnsupportedImageException for an image with a side below [LEAST_SIDE] pixels
     */
    public fun recognize(frame: Frame, time: Double?): List<Face> {
        if (frame.width < LEAST_SIDE || frame.height < LEAST_SIDE) {
            throw UnsupportedImageException(
                "The image has ${frame.width} x ${frame.height} pixels; at least $LEAST_SIDE x $LEAST_SIDE are needed.",
            )
        }
        val found = detector.detect(frame)
        val answers = found.map { face ->
            val transform = cropTransform(face.box, face.leftEye, face.rightEye, contract.crop)
            classifier.probabilities(sampler.sample(frame, transform))
        }
        if (time == null) {
            return found.zip(answers) { face, values -> faceOf(face, Face.NO_TRACK, values, largest(doubles(values))) }
        }
        val tracks = tracker.update(found.map(Detection::box), time)
        return found.indices.map { index ->
            val smoothed = smoother.update(tracks[index], doubles(answers[index]), time)
            val values = FloatArray(contract.labels.size) { smoothed.probabilities[it].toFloat() }
            faceOf(found[index], tracks[index], values, smoothed.label)
        }
    }

    /** Forgets every track: the next frame belongs to another video. Track numbers begin at 1 again. */
    public fun reset() {
        tracker = Tracker(contract.smoothing.resetAfter)
        smoother = Smoother(contract.smoothing)
    }

    override fun close() {
        classifier.close()
        detector.close()
    }

    private fun faceOf(face: Detection, track: Int, probabilities: FloatArray, label: Int) =
        Face(face.box, track, probabilities, contract.labels[label], face.score.toFloat())

    private fun doubles(values: FloatArray) = DoubleArray(values.size) { values[it].toDouble() }
}
