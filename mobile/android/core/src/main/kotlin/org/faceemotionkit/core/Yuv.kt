/* What the levels of a camera's image stand for, and its pixels where they lie. */
@file:JvmName("-Yuv")

package org.faceemotionkit.core

import kotlin.math.max
import kotlin.math.min

internal const val NO_CHROMA: Int = 128

// R = Y + RED_OF_V * V and so on, from Y = BT601 · (R, G, B), U and V in the range of B - Y and R - Y halved.
internal const val RED_OF_V: Float = 1.402f
internal const val BLUE_OF_U: Float = 1.772f
internal const val GREEN_OF_U: Float = 0.344136286f
internal const val GREEN_OF_V: Float = 0.714136286f

/**
 * Grey levels 0..255 in an array: that of pixel (x, y) is [bytes] at `at(x, y)`, [across] further for the next column,
 * [down] for the next row.
 */
internal class GreyPlane(val bytes: ByteArray, private val first: Int, val across: Int, val down: Int) {
    fun at(x: Int, y: Int) = first + x * across + y * down
}

/** A block of [side] x [side] pixels, [side] even: if no colour of it is beyond 0..255, its mean is that of its levels. */
internal class YuvBlock(private val side: Int) {
    val bright = Levels(side)
    val blueness = Levels(side / 2)
    val redness = Levels(side / 2)

    /** Whether red, green and blue of every pixel are surely within 0..255. */
    fun isInRange(): Boolean {
        val lowU = blueness.least - NO_CHROMA
        val highU = blueness.most - NO_CHROMA
        val lowV = redness.least - NO_CHROMA
        val highV = redness.most - NO_CHROMA
        return bright.least + min(RED_OF_V * lowV, BLUE_OF_U * lowU) >= 0 &&
            bright.most + max(RED_OF_V * highV, BLUE_OF_U * highU) <= WHITE &&
            bright.least - GREEN_OF_U * highU - GREEN_OF_V * highV >= 0 &&
            bright.most - GREEN_OF_U * lowU - GREEN_OF_V * lowV <= WHITE
    }

    /** Writes the means of red, green and blue. */
    fun writeMean(rgb: FloatArray, at: Int) {
        val y = bright.total / (side * side).toFloat()
        val u = blueness.total / (side * side / 4).toFloat() - NO_CHROMA
        val v = redness.total / (side * side / 4).toFloat() - NO_CHROMA
        rgb[at] = y + RED_OF_V * v
        rgb[at + 1] = y - GREEN_OF_U * u - GREEN_OF_V * v
        rgb[at + 2] = y + BLUE_OF_U * u
    }

    /** The sum of [side] x [side] levels, the least and the most of them. */
    class Levels(private val side: Int) {
        var total = 0
        var least = 0
        var most = 0

        /** Reads them from [first] on, [across] further for the next column and [down] for the next row. */
        fun read(bytes: ByteArray, first: Int, across: Int, down: Int) {
            var sum = 0
            var low = WHITE
            var high = 0
            for (row in 0 until side) {
                var at = first + row * down
                for (column in 0 until side) {
                    val level = bytes[at].toInt() and 0xff
                    sum += level
                    low = min(low, level)
                    high = max(high, level)
                    at += across
                }
            }
            total = sum
            least = low
            most = high
        }
    }

    private companion object {
        const val WHITE = 255
    }
}
