/* Twin of face_emotion/letterbox.py: a whole image as the detector's square input, and the way back. */
package org.faceemotionkit.core

import java.nio.FloatBuffer
import kotlin.math.floor
import kotlin.math.max
import kotlin.math.min

/** Where a whole image lies in the detector's square: its scale and its top left corner, in the square's pixels. */
internal data class Letterbox(val scale: Double, val left: Double, val top: Double) {
    /** Maps a point of a square of [size] pixels, in fractions of its side, to source pixels. */
    fun toSource(x: Double, y: Double, size: Int): Point = Point((x * size - left) / scale, (y * size - top) / scale)

    companion object {
        /** Where an image of width x height pixels, >= 1, lies in a square of [size] pixels. */
        fun of(width: Int, height: Int, size: Int): Letterbox {
            val scale = size.toDouble() / max(width, height)
            return Letterbox(scale, (size - scale * width) / 2, (size - scale * height) / 2)
        }
    }
}

/** Samples whole images as the detector's input; keeps its working memory from call to call. One thread at a time. */
internal class LetterboxSampler(private val size: Int) {
    private var shares = Shares(0, 0)
    private var pixels = FloatArray(0)
    private var mixed = DoubleArray(0)

    /**
     * Samples a whole image.
     *
     * @param output size * size * 3 numbers: R, G, B of each pixel in [-1, 1], row by row; -1 beside the image
     */
    fun sample(frame: Frame, output: FloatBuffer) {
        if (shares.width != frame.width || shares.height != frame.height) {
            shares = Shares(frame.width, frame.height)
            pixels = FloatArray(3 * frame.width)
            mixed = DoubleArray(3 * frame.width)
        }
        val (down, across) = shares.down to shares.across
        // Upright bilinear sampling is separable: rows are mixed first, then the columns of what they give.
        for (j in 0 until size) {
            mixed.fill(0.0)
            for (k in down.first[j] until down.first[j + 1]) {
                frame.readRow(down.pixel[k], pixels)
                val share = down.share[k]
                for (at in mixed.indices) mixed[at] += share * pixels[at]
            }
            for (i in 0 until size) writePixel(across, i, output, 3 * (size * j + i))
        }
    }

    private fun writePixel(across: Mixing, column: Int, output: FloatBuffer, at: Int) {
        var red = 0.0
        var green = 0.0
        var blue = 0.0
        for (k in across.first[column] until across.first[column + 1]) {
            val share = across.share[k]
            val source = 3 * across.pixel[k]
            red += share * mixed[source]
            green += share * mixed[source + 1]
            blue += share * mixed[source + 2]
        }
        output.put(at, (red / HALF - 1).toFloat())
        output.put(at + 1, (green / HALF - 1).toFloat())
        output.put(at + 2, (blue / HALF - 1).toFloat())
    }

    /** The shares of rows and columns; a camera's frames all have one size, so the last ones are kept. */
    private inner class Shares(val width: Int, val height: Int) {
        private val place = if (width > 0) Letterbox.of(width, height, size) else Letterbox(1.0, 0.0, 0.0)
        private val samples = max(1, (max(width, height) + size - 1) / size)
        val down = mixing(place.top, height)
        val across = mixing(place.left, width)

        private fun mixing(start: Double, length: Int): Mixing {
            val first = IntArray(size + 1)
            val pixel = ArrayList<Int>()
            val share = ArrayList<Double>()
            for (i in 0 until size) {
                val weights = LinkedHashMap<Int, Double>()
                for (k in i * samples until (i + 1) * samples) {
                    val x = ((k + 0.5) / samples - start) / place.scale
                    if (x < 0 || x >= length) continue
                    val p = (x - 0.5).coerceIn(0.0, length - 1.0)
                    val column = floor(p).toInt()
                    weights.add(column, (1 - p + column) / samples)
                    weights.add(min(column + 1, length - 1), (p - column) / samples)
                }
                pixel += weights.keys
                share += weights.values
                first[i + 1] = pixel.size
            }
            return Mixing(first, pixel.toIntArray(), share.toDoubleArray())
        }

        private fun MutableMap<Int, Double>.add(place: Int, weight: Double) {
            if (weight > 0) this[place] = (this[place] ?: 0.0) + weight
        }
    }

    /** Output pixel i takes the entries first[i] until first[i + 1] of [pixel] and [share]. */
    private class Mixing(val first: IntArray, val pixel: IntArray, val share: DoubleArray)

    private companion object {
        const val HALF = 127.5
    }
}
