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

    /** Shows the network an image that lies at [place]. */
    fun show(frame: Frame, place: Letterbox): Unit = sampler.sample(frame, place, network.square)

    /** Shows it a square of grey levels, one byte a pixel. */
    fun show(grey: ByteArray) {
        network.square.put(FloatArray(3 * grey.size) { (grey[it / 3].toInt() and 0xff).toFloat() })
    }

    /** Turns what it is shown back by 90 degrees: its pixel (column u, row v) becomes that of (size - 1 - v, u). */
    fun turn() {
        val shown = FloatArray(3 * size * size).also { network.square.get(it) }
        val turned = FloatArray(shown.size)
        for (v in 0 until size) {
            for (u in 0 until size) {
                val from = 3 * (u * size + size - 1 - v)
                for (k in 0 until 3) turned[3 * (v * size + u) + k] = shown[from + k]
            }
        }
        network.square.put(turned)
    }

    /** The faces of what it is shown, highest score first, in the square's pixels. */
    fun look(threshold: Double): List<Candidate> {
        val (raw) = network.run()
        return weightedSuppression(decode(raw, cells, threshold), settings.iouThreshold)
    }

    /** The upright faces of a whole image in one look, highest score first. */
    fun detect(frame: Frame, threshold: Double): List<Detection> {
        val place = Letterbox.of(frame.width, frame.height, size)
        show(frame, place)
        return detections(look(threshold), place, settings.keypoints)
    }

    override fun close(): Unit = network.close()
}
