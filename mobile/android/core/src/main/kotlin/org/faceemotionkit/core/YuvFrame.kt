package org.faceemotionkit.core

import kotlin.math.min

/**
 * A camera's image as the geometry reads it: upright, whatever the sensor's orientation, whatever the planes' layout
 * (I420, NV12, NV21, padded rows). The planes are copied, so that the image may be closed at once; the memory is kept
 * from [load] to [load].
 *
 * The Y plane is the grey level of [BT601], full range: Android's cameras encode YUV_420_888 as JFIF does, 0 black and
 * 255 white (limited range, 16 to 235, is what videos have, not cameras). Red, green and blue, which only a look of the
 * detector needs, follow from the same weights; the two planes of chroma are taken as they are, one value for 2 x 2
 * pixels.
 */
@InternalKitApi
public class YuvFrame : Frame {
    private val y = PlaneCopy()
    private val u = PlaneCopy()
    private val v = PlaneCopy()
    private var lying = Orientation(0, 0)
    override val width: Int get() = lying.width
    override val height: Int get() = lying.height

    /**
     * Copies an image's planes; where one is refused, what was loaded before stays.
     *
     * @param width of the image as the sensor gives it, in pixels; [height] likewise
     * @param planes Y, U, V; of Y alone the image is grey
     * @param rotation how far the image has to be turned clockwise to stand upright: 0, 90, 180 or 270
     * @param isMirrored whether left and right are exchanged in the upright image
     * @throws UnsupportedImageException if a plane is too short for its strides or the rotation is another one
     */
    public fun load(width: Int, height: Int, planes: List<Plane>, rotation: Int, isMirrored: Boolean = false) {
        requireQuarterTurn(rotation)
        if (planes.size !in PLANES || width < 1 || height < 1) {
            throw UnsupportedImageException(
                "${planes.size} planes of $width x $height pixels: 3 with pixels are expected, or Y alone.",
            )
        }
        planes.forEachIndexed { index, plane -> plane.require(columnsOf(index, width), columnsOf(index, height)) }
        y.copy(planes[0], width, height)
        if (planes.size == 1) {
            u.fill(NO_CHROMA)
            v.fill(NO_CHROMA)
        } else {
            u.copy(planes[1], columnsOf(1, width), columnsOf(1, height))
            v.copy(planes[2], columnsOf(2, width), columnsOf(2, height))
        }
        lying = Orientation(width, height, rotation, isMirrored)
    }

    override fun readGrey(
        left: Int,
        top: Int,
        columns: Int,
        rows: Int,
        luma: DoubleArray,
        values: DoubleArray,
        stride: Int,
    ) {
        val grey = greyPlane(luma)
        if (grey != null) {
            for (row in 0 until rows) {
                var at = grey.at(left, top + row)
                for (column in 0 until columns) {
                    values[row * stride + column] = (grey.bytes[at].toInt() and 0xff).toDouble()
                    at += grey.across
                }
            }
            return
        }
        val (red, green, blue) = luma
        val rgb = FloatArray(3 * columns)
        for (row in 0 until rows) {
            readRow(top + row, left, columns, rgb)
            for (column in 0 until columns) {
                val at = 3 * column
                values[row * stride + column] = red * rgb[at] + green * rgb[at + 1] + blue * rgb[at + 2]
            }
        }
    }

    /** The image's grey levels where they lie, until the next [load]; null where no plane is the grey of [luma]. */
    internal fun greyPlane(luma: DoubleArray): GreyPlane? {
        if (!luma.contentEquals(BT601)) return null
        val first = y.at(lying.column(0, 0), lying.line(0, 0))
        val across = lying.stepX * y.pixelStride + lying.stepY * y.rowStride
        val down = y.at(lying.column(0, 1), lying.line(0, 1)) - first
        return GreyPlane(y.bytes, first, across, down)
    }

    override fun readRow(row: Int, left: Int, columns: Int, rgb: FloatArray) {
        // Everything that stays is read once: this loop is what most of a camera image's time goes into.
        val bright = y.bytes
        val blue = u.bytes
        val red = v.bytes
        val across = lying.stepX
        val down = lying.stepY
        val step = across * y.pixelStride + down * y.rowStride
        var column = lying.column(left, row)
        var line = lying.line(left, row)
        var place = y.at(column, line)
        var at = 0
        while (at < 3 * columns) {
            val grey = (bright[place].toInt() and 0xff).toFloat()
            val blueness = ((blue[u.at(column shr 1, line shr 1)].toInt() and 0xff) - NO_CHROMA).toFloat()
            val redness = ((red[v.at(column shr 1, line shr 1)].toInt() and 0xff) - NO_CHROMA).toFloat()
            rgb[at] = level(grey + RED_OF_V * redness)
            rgb[at + 1] = level(grey - GREEN_OF_U * blueness - GREEN_OF_V * redness)
            rgb[at + 2] = level(grey + BLUE_OF_U * blueness)
            column += across
            line += down
            place += step
            at += 3
        }
    }

    /**
     * Reads the means of blocks of [side] x [side] pixels, [side] even and a divisor of both sides of the image.
     *
     * @param row of blocks
     * @param rgb where to: red, green and blue of each block of the row
     */
    internal fun readBlocks(row: Int, side: Int, rgb: FloatArray) {
        val block = YuvBlock(side)
        val last = side - 1
        for (column in 0 until rgb.size / 3) {
            // The block's corners in the sensor's image, whichever way it lies there.
            val (x, y0) = column * side to row * side
            val left = min(lying.column(x, y0), lying.column(x + last, y0 + last))
            val top = min(lying.line(x, y0), lying.line(x + last, y0 + last))
            block.bright.read(y.bytes, y.at(left, top), y.pixelStride, y.rowStride)
            block.blueness.read(u.bytes, u.at(left shr 1, top shr 1), u.pixelStride, u.rowStride)
            block.redness.read(v.bytes, v.at(left shr 1, top shr 1), v.pixelStride, v.rowStride)
            if (block.isInRange()) block.writeMean(rgb, 3 * column) else writeMeans(left, top, side, rgb, 3 * column)
        }
    }

    /** The same for one block, pixel by pixel: some of its colours are beyond 0..255. */
    private fun writeMeans(left: Int, top: Int, side: Int, rgb: FloatArray, at: Int) {
        var red = 0f
        var green = 0f
        var blue = 0f
        for (line in top until top + side) {
            for (column in left until left + side) {
                val grey = y.level(column, line).toFloat()
                val blueness = (u.level(column shr 1, line shr 1) - NO_CHROMA).toFloat()
                val redness = (v.level(column shr 1, line shr 1) - NO_CHROMA).toFloat()
                red += level(grey + RED_OF_V * redness)
                green += level(grey - GREEN_OF_U * blueness - GREEN_OF_V * redness)
                blue += level(grey + BLUE_OF_U * blueness)
            }
        }
        rgb[at] = red / (side * side)
        rgb[at + 1] = green / (side * side)
        rgb[at + 2] = blue / (side * side)
    }

    private fun level(value: Float) = if (value < 0f) {
        0f
    } else if (value > 255f) {
        255f
    } else {
        value
    }

    /** A plane's bytes in an array, which is read faster than a direct buffer. */
    private class PlaneCopy {
        var bytes = ByteArray(0)
        var rowStride = 0
        var pixelStride = 0

        fun at(column: Int, row: Int) = row * rowStride + column * pixelStride

        fun level(column: Int, row: Int) = bytes[at(column, row)].toInt() and 0xff

        /** Copies a plane that has as many bytes as it says. */
        fun copy(plane: Plane, columns: Int, rows: Int) {
            rowStride = plane.rowStride
            pixelStride = plane.pixelStride
            val needed = plane.needed(columns, rows).toInt()
            if (bytes.size < needed) bytes = ByteArray(needed)
            plane.bytes.duplicate().get(bytes, 0, needed)
        }

        /** Gives every pixel the same level. */
        fun fill(level: Int) {
            rowStride = 0
            pixelStride = 0
            if (bytes.isEmpty()) bytes = ByteArray(1)
            bytes[0] = level.toByte()
        }
    }

    private companion object {
        val PLANES = setOf(1, 3)
    }
}
