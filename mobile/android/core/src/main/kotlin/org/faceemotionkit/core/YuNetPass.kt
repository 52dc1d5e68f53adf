package org.faceemotionkit.core

import java.io.Closeable

/**
 * One look of a YuNet network at a square. Twin of YuNetPass in face_emotion/far.py; one thread at a time.
 *
 * @param runner of the network, which this object closes
 * @param size of the square in pixels
 * @throws ModelDamagedException if the network's tensors do not fit the settings
 */
internal class YuNetPass(runner: TensorRunner, val size: Int, private val settings: YuNetSettings) : Closeable {
    private val network = SquareNetwork(runner, size, listOf(listOf(1, settings.rows(size), settings.columns)))
    private val cells = cellsOf(settings.strides, size)
    private val sampler = SquareSampler(size)

    /** The square of an image that lies at [place], as [look] takes it; the next call writes into the same array. */
    fun square(frame: Frame, place: Letterbox): FloatArray = sampler.sample(frame, place)

    /** The faces of a square, highest score first, in its pixels. */
    fun look(square: FloatArray, threshold: Double): List<Candidate> {
        val (raw) = network.run(square)
        return weightedSuppression(decode(raw, cells, threshold), settings.iouThreshold)
    }

    /** The upright faces of a whole image in one look, highest score first. */
    fun detect(frame: Frame, threshold: Double): List<Detection> {
        val place = Letterbox.of(frame.width, frame.height, size)
        return detections(look(square(frame, place), threshold), place, settings.keypoints)
    }

    override fun close(): Unit = network.close()
}
