/* Twin of face_emotion/letterbox.py: a whole image, or a part of it, as a detector's square input, and the way back. */
package org.faceemotionkit.core

import java.nio.FloatBuffer
import kotlin.math.floor
import kotlin.math.max
import kotlin.math.min

/**
 * Where an image lies in a detector's square: its scale and its top left corner, in the square's pixels.
 *
 * @property samples how many a side are averaged into one pixel of the square, >= 1
 */
internal data class Letterbox(val scale: Double, val left: Double, val top: Double, val samples: Int) {
    /** Maps a point of the square, in its pixels, to source pixels; one beside the image stays outside. */
    fun toSource(point: Point): Point = Point((point.x - left) / scale, (point.y - top) / scale)

    /**
     * Whether each pixel of the square is the mean of whole pixels of an image, as cameras' sides of 320, 640, 1280 … make
     * it.
     */
    fun isBlocks(width: Int, height: Int, size: Int): Boolean = scale * samples == 1.0 &&
        left == floor(left) && left >= 0 && top == floor(top) && top >= 0 &&
        width % samples == 0 && height % samples == 0 &&
        left * samples + width <= size * samples && top * samples + height <= size * samples

    companion object {
        /** Where a whole image of width x height pixels, >= 1, lies in a square of [size] pixels. */
        fun of(width: Int, height: Int, size: Int): Letterbox {
            val longer = max(width, height)
            val scale = size.toDouble() / longer
            return Letterbox(scale, (size - scale * width) / 2, (size - scale * height) / 2, samples(longer, size))
        }

        /** Where an image lies whose longer side is brought to [longer] pixels, in a square that begins at (left, top). */
        fun ofPart(width: Int, height: Int, longer: Int, left: Int, top: Int): Letterbox {
            val side = max(width, height)
            return Letterbox(longer.toDouble() / side, -left.toDouble(), -top.toDouble(), samples(side, longer))
        }

        private fun samples(side: Int, pixels: Int) = (side - 1) / pixels + 1
    }
}

/**
 * Samples images as a detector's input; keeps its working memory from call to call. One thread at a time.
 *
 * @param size of the square in pixels
 * @param factor by which levels 0..255 are multiplied; [offset]: what is added then
 */
internal class SquareSampler(
    private val size: Int,
    private val factor: Float = 1f,
    private val offset: Float = 0f,
) {
    private var bands: Bands? = null
    private var rows = Array(2) { FloatArray(0) }
    private val held = IntArray(2) // which source rows they are
    private var mixed = FloatArray(0)
    private val line = FloatArray(3 * size)

    /**
     * Samples an image that lies at [place].
     *
     * @param output size * size * 3 numbers, from its position on: R, G, B of each pixel, row by row; black beside the
     *   image
     */
    fun sample(frame: Frame, place: Letterbox, output: FloatBuffer) {
        // Blocks of an even side hold whole values of a camera's chroma, one for 2 x 2 pixels.
        if (frame is YuvFrame && place.samples % 2 == 0 && place.isBlocks(frame.width, frame.height, size)) {
            return sampleBlocks(frame, place, output)
        }
        val last = bands?.takeIf { it.width == frame.width && it.height == frame.height && it.place == place }
        val used = last ?: Bands(frame.width, frame.height, place).also(::make)
        held.fill(NONE)
        // Upright bilinear sampling is separable: rows are mixed first, then the columns of what they give.
        for (j in 0 until size) {
            if (j in used.down.used) {
                mixed.fill(0f)
                for (k in 0 until used.down.taps) {
                    val share = used.down.shares[j * used.down.taps + k]
                    if (share != 0f) add(row(frame, used.down.start[j] + k, used), share, mixed)
                }
                mixColumns(mixed, used.across, used.left)
            } else {
                line.fill(offset)
            }
            output.put(line)
        }
    }

    private fun sampleBlocks(frame: YuvFrame, place: Letterbox, output: FloatBuffer) {
        val (left, top) = place.left.toInt() to place.top.toInt()
        val columns = frame.width / place.samples
        val image = top until top + frame.height / place.samples
        val pixels = FloatArray(3 * columns)
        val square = FloatArray(3 * size)
        for (j in 0 until size) {
            square.fill(offset)
            if (j in image) {
                frame.readBlocks(j - top, place.samples, pixels)
                for (at in pixels.indices) square[3 * left + at] = pixels[at] * factor + offset
            }
            output.put(square)
        }
    }

    private fun make(made: Bands) {
        bands = made
        rows = Array(2) { FloatArray(3 * made.columns) }
        mixed = FloatArray(3 * made.columns)
        line.fill(offset)
    }

    /** The used part of a row; neighbouring rows of the square share at most two of them, which are read once only. */
    private fun row(frame: Frame, row: Int, used: Bands): FloatArray {
        val pixels = rows[row % 2]
        if (held[row % 2] != row) frame.readRow(row, used.left, used.columns, pixels)
        held[row % 2] = row
        return pixels
    }

    /** Adds a share of one row to another: a method of its own, which compilers make vector code of. */
    private fun add(pixels: FloatArray, share: Float, sums: FloatArray) {
        for (at in sums.indices) sums[at] += share * pixels[at]
    }

    private fun mixColumns(row: FloatArray, across: Band, left: Int) {
        val line = line
        val shares = across.shares
        val taps = across.taps
        for (i in across.used) {
            var red = 0f
            var green = 0f
            var blue = 0f
            var source = 3 * (across.start[i] - left)
            for (k in i * taps until (i + 1) * taps) {
                val share = shares[k]
                red += share * row[source]
                green += share * row[source + 1]
                blue += share * row[source + 2]
                source += 3
            }
            line[3 * i] = red * factor + offset
            line[3 * i + 1] = green * factor + offset
            line[3 * i + 2] = blue * factor + offset
        }
    }

    /** The shares of rows and columns; a camera's frames all have one size, so the last ones are kept. */
    private inner class Bands(val width: Int, val height: Int, val place: Letterbox) {
        val down = Band(place, place.top, height, size)
        val across = Band(place, place.left, width, size)

        /** The first source column that is used, and how many are from there on. */
        val left = across.used.minOfOrNull(across.start::get) ?: 0
        val columns = (across.used.maxOfOrNull(across.start::get) ?: 0) + across.taps - left
    }

    /** The shares of [taps] neighbouring source pixels in each output pixel along one side; the first is at [start]. */
    private class Band(private val place: Letterbox, private val begin: Double, private val length: Int, size: Int) {
        private val samples = place.samples
        val start = IntArray(size) { pixel(coordinate(it * samples)).toInt() }
        val taps = (0 until size).maxOf { second(pixel(coordinate((it + 1) * samples - 1)).toInt()) - start[it] } + 1
        val shares = FloatArray(size * taps)

        init {
            val sums = DoubleArray(taps)
            for (i in 0 until size) {
                start[i] = min(start[i], length - taps)
                sums.fill(0.0)
                for (k in i * samples until (i + 1) * samples) {
                    val x = coordinate(k)
                    if (x < 0 || x >= length) continue
                    val first = pixel(x).toInt()
                    val weight = pixel(x) - first
                    sums[first - start[i]] += 1 - weight
                    sums[second(first) - start[i]] += weight
                }
                for (tap in 0 until taps) shares[i * taps + tap] = (sums[tap] / samples).toFloat()
            }
        }

        /** The output pixels that the image reaches; they lie side by side. */
        val used = (0 until size).filter { i -> (i * taps until (i + 1) * taps).any { shares[it] != 0f } }
            .run { if (isEmpty()) IntRange.EMPTY else first()..last() }

        private fun coordinate(sample: Int) = ((sample + 0.5) / samples - begin) / place.scale

        private fun pixel(x: Double) = (x - 0.5).coerceIn(0.0, length - 1.0)

        private fun second(first: Int) = min(first + 1, length - 1)
    }

    private companion object {
        const val NONE = -1
    }
}
