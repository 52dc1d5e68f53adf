package org.faceemotionkit.testing

import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.Plane
import java.nio.ByteBuffer
import kotlin.math.roundToInt

/**
 * A picture of red, green and blue bytes as it lies in memory before it is turned clockwise by [rotation] degrees to stand
 * upright, its left and right exchanged there if it [isMirrored]: in each form that a FrameSource takes.
 *
 * @param padding bytes or colours behind each row that belong to no pixel
 */
class Lying(
    private val rgb: ByteArray,
    private val uprightWidth: Int,
    private val uprightHeight: Int,
    private val rotation: Int = 0,
    private val isMirrored: Boolean = false,
    private val padding: Int = 0,
) {
    private val isTurned = rotation % 180 != 0
    val width = if (isTurned) uprightHeight else uprightWidth
    val height = if (isTurned) uprightWidth else uprightHeight
    private val colours = IntArray(width * height)
    private val pairs = (width + 1) / 2
    private val pairRows = (height + 1) / 2

    init {
        for (y in 0 until uprightHeight) {
            for (x in 0 until uprightWidth) {
                val at = 3 * (y * uprightWidth + x)
                fun level(channel: Int) = rgb[at + channel].toInt() and 0xff
                val (column, line) = place(if (isMirrored) uprightWidth - 1 - x else x, y)
                colours[line * width + column] = 0xff shl 24 or (level(0) shl 16) or (level(1) shl 8) or level(2)
            }
        }
    }

    /** Where an upright pixel lies: a quarter turn back, counter-clockwise, as often as it takes. */
    private fun place(x: Int, y: Int): Pair<Int, Int> {
        var place = x to y
        var (columns, lines) = uprightWidth to uprightHeight
        repeat(rotation / 90) {
            place = place.second to columns - 1 - place.first
            columns = lines.also { lines = columns }
        }
        return place
    }

    private fun bright(colour: Int) =
        0.299 * (colour shr 16 and 0xff) + 0.587 * (colour shr 8 and 0xff) + 0.114 * (colour and 0xff)

    private fun chroma(at: Int, blue: Boolean): Byte {
        val colour = colours[2 * (at / pairs) * width + 2 * (at % pairs)]
        val level = if (blue) colour and 0xff else colour shr 16 and 0xff
        val value = (level - bright(colour)) / (if (blue) 1.772 else 1.402)
        return (128 + value).roundToInt().coerceIn(0, 255).toByte()
    }

    private val rowStride = width + padding
    private val greys = ByteArray(rowStride * height) { 0x55 }.also {
        for (at in colours.indices) it[at / width * rowStride + at % width] = bright(colours[at]).roundToInt().toByte()
    }

    /** Y, U and V, each by itself. */
    fun planes(): List<Plane> {
        fun plane(blue: Boolean) = Plane(ByteBuffer.wrap(ByteArray(pairs * pairRows) { chroma(it, blue) }), pairs, 1)
        return listOf(Plane(ByteBuffer.wrap(greys), rowStride, 1), plane(true), plane(false))
    }

    fun yuv(): FrameSource = planes().let { (y, u, v) -> turned(FrameSource.yuv(width, height, y, u, v)) }

    fun grey(): FrameSource = turned(FrameSource.grey(width, height, planes().first()))

    fun nv21(): FrameSource {
        val chromaStride = maxOf(rowStride, 2 * pairs)
        val bytes = greys.copyOf(greys.size + chromaStride * pairRows)
        for (at in 0 until pairs * pairRows) {
            val place = greys.size + at / pairs * chromaStride + at % pairs * 2
            bytes[place] = chroma(at, blue = false)
            bytes[place + 1] = chroma(at, blue = true)
        }
        return turned(FrameSource.nv21(bytes, width, height, rowStride))
    }

    /** Behind a byte that does not belong to it, so that no colour is aligned. */
    fun rgba(): FrameSource {
        val bytes = ByteBuffer.allocateDirect(1 + 4 * rowStride * height)
        for (at in colours.indices) {
            bytes.putInt(1 + 4 * (at / width * rowStride + at % width), Integer.rotateLeft(colours[at], 8))
        }
        bytes.position(1)
        return turned(FrameSource.rgba(bytes, width, height, 4 * rowStride))
    }

    fun argb(): FrameSource {
        val pixels = IntArray(rowStride * height) { 0x55555555 }
        for (at in colours.indices) pixels[at / width * rowStride + at % width] = colours[at]
        return turned(FrameSource.argb(pixels, width, height, rowStride))
    }

    /** Every form by its name. */
    fun forms(): Map<String, FrameSource> =
        mapOf("NV21" to nv21(), "YUV" to yuv(), "Y" to grey(), "RGBA" to rgba(), "ARGB" to argb())

    private fun turned(frame: FrameSource) = frame.rotated(rotation).let { if (isMirrored) it.mirrored() else it }
}
