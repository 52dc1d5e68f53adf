package org.faceemotionkit.core

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.cos
import kotlin.math.floor
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sin

/**
 * Samples squares of images as grey levels, as face_emotion/geometry.py's `sample_grey` defines it. Keeps its working
 * memory from call to call; one thread at a time.
 *
 * @param size the output's side in pixels; [luma]: weights of R, G and B
 * @param maxSamples upper bound on the samples a side of an output pixel
 * @param regionLimit about how many source pixels are held at a time: a face that fills a large photo is read in bands
 */
internal class GreySampler(
    private val size: Int,
    private val luma: DoubleArray,
    private val maxSamples: Int,
    private val regionLimit: Int = 1 shl 20,
) {
    private val region = Region()
    private val sums = DoubleArray(size)

    /**
     * Samples a square of an image.
     *
     * @return size * size grey levels, row by row
     * @throws IllegalArgumentException if a number of the transform is not finite, or its side not above 0
     */
    fun sample(frame: Frame, transform: Transform): ByteArray {
        val numbers = listOf(transform.centerX, transform.centerY, transform.side, transform.angle)
        require(numbers.all(::isFinite) && transform.side > 0) {
            "$transform: finite numbers and a side above 0 are expected"
        }
        val samples = min(maxSamples.toDouble(), max(1.0, ceil(transform.side / size))).toInt()
        val grid = Grid(transform, size, samples)
        val plane = (frame as? YuvFrame)?.greyPlane(luma)
        if (plane != null && grid.isInside(frame.width, frame.height)) return sample(plane, grid)
        var band = size
        while (band > 1 && grid.pixelsOf(band) > regionLimit) band = (band + 1) / 2
        val output = ByteArray(size * size)
        for (start in 0 until size step band) {
            val stop = min(size, start + band)
            region.read(frame, grid, start, stop)
            for (row in start until stop) {
                addRow(grid, row)
                writeRow(row, samples, output)
            }
        }
        return output
    }

    /** The same from grey levels that lie in an array already, of a square inside the image: nothing is copied or held. */
    private fun sample(plane: GreyPlane, grid: Grid): ByteArray {
        val output = ByteArray(size * size)
        for (row in 0 until size) {
            addRow(plane, grid, row)
            writeRow(row, grid.samples, output)
        }
        return output
    }

    private fun addRow(plane: GreyPlane, grid: Grid, j: Int) {
        val samples = grid.samples
        val bytes = plane.bytes
        val right = plane.across
        val low = plane.down
        val first = plane.at(0, 0)
        sums.fill(0.0)
        for (l in j * samples until (j + 1) * samples) {
            val rowX = grid.centerX - grid.offsets[l] * grid.sine
            val rowY = grid.centerY + grid.offsets[l] * grid.cosine
            for (i in 0 until size) {
                var sum = 0.0
                for (k in i * samples until (i + 1) * samples) {
                    val x = rowX + grid.across[k]
                    val y = rowY + grid.down[k]
                    val column = x.toInt()
                    val row = y.toInt()
                    val at = first + column * right + row * low
                    val across = x - column
                    val one = bytes[at].toInt() and 0xff
                    val other = bytes[at + low].toInt() and 0xff
                    val above = one + ((bytes[at + right].toInt() and 0xff) - one) * across
                    val below = other + ((bytes[at + low + right].toInt() and 0xff) - other) * across
                    sum += above + (below - above) * (y - row)
                }
                sums[i] += sum
            }
        }
    }

    private fun addRow(grid: Grid, j: Int) {
        val samples = grid.samples
        val values = region.values
        val stride = region.stride
        sums.fill(0.0)
        for (l in j * samples until (j + 1) * samples) {
            val rowX = grid.centerX - grid.offsets[l] * grid.sine
            val rowY = grid.centerY + grid.offsets[l] * grid.cosine
            for (i in 0 until size) {
                var sum = 0.0
                for (k in i * samples until (i + 1) * samples) {
                    val x = (rowX + grid.across[k]).coerceIn(0.0, region.lastX) - region.left
                    val y = (rowY + grid.down[k]).coerceIn(0.0, region.lastY) - region.top
                    val column = x.toInt()
                    val row = y.toInt()
                    val at = row * stride + column
                    val across = x - column
                    val above = values[at] + (values[at + 1] - values[at]) * across
                    val below = values[at + stride] + (values[at + stride + 1] - values[at + stride]) * across
                    sum += above + (below - above) * (y - row)
                }
                sums[i] += sum
            }
        }
    }

    private fun writeRow(j: Int, samples: Int, output: ByteArray) {
        for (i in 0 until size) {
            output[j * size + i] = floor(sums[i] / (samples * samples) + 0.5).coerceIn(0.0, 255.0).toInt().toByte()
        }
    }

    /** Where the samples lie; coordinates count from the first pixel's centre. */
    private class Grid(transform: Transform, private val size: Int, val samples: Int) {
        val cosine = cos(transform.angle)
        val sine = sin(transform.angle)
        val centerX = transform.centerX - 0.5
        val centerY = transform.centerY - 0.5
        private val side = transform.side
        val offsets = DoubleArray(size * samples) { side * ((it + 0.5) / (size * samples) - 0.5) }
        val across = DoubleArray(offsets.size) { offsets[it] * cosine }
        val down = DoubleArray(offsets.size) { offsets[it] * sine }

        /** About how many source pixels so many rows of output pixels read. */
        fun pixelsOf(rows: Int): Double {
            val height = side * rows / size
            return (side * abs(cosine) + height * abs(sine)) * (side * abs(sine) + height * abs(cosine))
        }

        /** Whether every sample has all four pixels around it in an image of these sides. */
        fun isInside(width: Int, height: Int): Boolean {
            val (xMin, yMin, xMax, yMax) = bounds(0, size)
            return xMin >= MARGIN && yMin >= MARGIN && xMax + MARGIN < width - 1 && yMax + MARGIN < height - 1
        }

        /** The box around the samples of the output rows start until stop: xMin, yMin, xMax, yMax. */
        fun bounds(start: Int, stop: Int): DoubleArray {
            val across = doubleArrayOf(offsets.first(), offsets.last())
            val down = doubleArrayOf(offsets[start * samples], offsets[stop * samples - 1])
            val x = across.flatMap { a -> down.map { d -> centerX + a * cosine - d * sine } }
            val y = across.flatMap { a -> down.map { d -> centerY + a * sine + d * cosine } }
            return doubleArrayOf(x.min(), y.min(), x.max(), y.max())
        }
    }

    /** The pixels that samples read, and one more column and row: past the image's edge they repeat it. */
    private inner class Region {
        var values = DoubleArray(0)
        var left = 0
        var top = 0
        var stride = 0
        var lastX = 0.0
        var lastY = 0.0

        fun read(frame: Frame, grid: Grid, start: Int, stop: Int) {
            lastX = (frame.width - 1).toDouble()
            lastY = (frame.height - 1).toDouble()
            val (xMin, yMin, xMax, yMax) = grid.bounds(start, stop)
            // A sample's own sum may round to the other side of a whole number: hence the margin.
            left = floor(xMin - MARGIN).coerceIn(0.0, lastX).toInt()
            top = floor(yMin - MARGIN).coerceIn(0.0, lastY).toInt()
            stride = floor(xMax + MARGIN).coerceIn(0.0, lastX).toInt() - left + 2
            val rows = floor(yMax + MARGIN).coerceIn(0.0, lastY).toInt() - top + 2
            if (values.size < stride * rows) values = DoubleArray(stride * rows)
            val columnsInside = min(stride, frame.width - left)
            val rowsInside = min(rows, frame.height - top)
            frame.readGrey(left, top, columnsInside, rowsInside, luma, values, stride)
            if (columnsInside < stride) {
                for (row in 0 until rowsInside) values[row * stride + stride - 1] = values[row * stride + stride - 2]
            }
            if (rowsInside < rows) {
                values.copyInto(values, (rows - 1) * stride, (rows - 2) * stride, (rows - 1) * stride)
            }
        }
    }

    private companion object {
        const val MARGIN = 1e-6
    }
}
