/* The pixels of a [FrameSource], as they lie in memory. */
@file:JvmName("-FramePixels")

package org.faceemotionkit.core

import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Pixels of any form. */
internal sealed interface FramePixels {
    val width: Int
    val height: Int

    /** Throws [UnsupportedImageException] where there are fewer of them than there should be. */
    fun require()

    /** The same in memory of their own. */
    fun copied(): FramePixels
}

/** Y, U and V, or Y alone. */
internal class Planes(override val width: Int, override val height: Int, val planes: List<Plane>) : FramePixels {
    override fun require() {
        requirePixels(width, height)
        planes.forEachIndexed { index, plane -> plane.require(columnsOf(index, width), columnsOf(index, height)) }
    }

    override fun copied() = Planes(
        width,
        height,
        planes.mapIndexed { index, plane -> plane.copied(columnsOf(index, width), columnsOf(index, height)) },
    )

    override fun toString() = "$width x $height, ${if (planes.size == 1) "grey" else "YUV"}"
}

/** Colours, each in one place. */
internal sealed interface PackedPixels : FramePixels {
    /** The colour 0xAARRGGBB as it is seen in front of black. */
    fun pixel(column: Int, line: Int): Int
}

/** Bytes of red, green, blue and alpha, premultiplied; [bytes] begin with the first. */
internal class RgbaPixels(
    bytes: ByteBuffer,
    override val width: Int,
    override val height: Int,
    private val rowStride: Int,
) : PackedPixels {
    private val bytes = bytes.duplicate().order(ByteOrder.BIG_ENDIAN)
    private val needed get() = (height - 1L) * rowStride + 4L * width

    override fun require() {
        requirePixels(width, height)
        if (rowStride % 4 != 0) {
            throw UnsupportedImageException("rowStride $rowStride: rows of RGBA_8888 are a multiple of 4 bytes apart.")
        }
        if (rowStride < 4L * width || bytes.remaining() < needed) {
            val found = "${bytes.remaining()} bytes with rows of $rowStride"
            throw UnsupportedImageException("$found are too few for $width x $height pixels of RGBA_8888.")
        }
    }

    override fun copied(): RgbaPixels {
        val copy = ByteArray(needed.toInt())
        bytes.duplicate().get(copy)
        return RgbaPixels(ByteBuffer.wrap(copy), width, height, rowStride)
    }

    override fun pixel(column: Int, line: Int): Int = bytes.getInt(line * rowStride + 4 * column) ushr 8 or OPAQUE

    override fun toString() = "$width x $height, RGBA"

    private companion object {
        const val OPAQUE = 0xff shl 24
    }
}

/** Numbers 0xAARRGGBB, not premultiplied. */
internal class ArgbPixels(
    private val pixels: IntArray,
    override val width: Int,
    override val height: Int,
    private val stride: Int,
) : PackedPixels {
    private val needed get() = (height - 1L) * stride + width

    override fun require() {
        requirePixels(width, height)
        if (stride < width || pixels.size < needed) {
            throw UnsupportedImageException(
                "${pixels.size} colours with rows of $stride are too few for $width x $height pixels.",
            )
        }
    }

    override fun copied() = ArgbPixels(pixels.copyOf(needed.toInt()), width, height, stride)

    override fun pixel(column: Int, line: Int): Int = overBlack(pixels[line * stride + column])

    override fun toString() = "$width x $height, ARGB"
}

/** Colours turned upright. */
internal class OrientedSource(private val pixels: PackedPixels, private val lying: Orientation) : ArgbSource {
    override val width get() = lying.width
    override val height get() = lying.height

    override fun read(row: Int, left: Int, columns: Int, pixels: IntArray) {
        var column = lying.column(left, row)
        var line = lying.line(left, row)
        for (at in 0 until columns) {
            pixels[at] = this.pixels.pixel(column, line)
            column += lying.stepX
            line += lying.stepY
        }
    }
}

/** Throws [UnsupportedImageException] for an image without pixels. */
internal fun requirePixels(width: Int, height: Int) {
    if (width >= 1 && height >= 1) return
    throw UnsupportedImageException("$width x $height pixels: 1 x 1 are expected at least.")
}
