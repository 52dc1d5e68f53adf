@file:JvmName("-Argb")

package org.faceemotionkit.core

/** Gives the pixels of an upright image, each as 0xAARRGGBB; alpha is ignored. */
@InternalKitApi
public interface ArgbSource {
    public val width: Int
    public val height: Int

    /** Reads [columns] pixels of a row, from column [left] on, into [pixels]. */
    public fun read(row: Int, left: Int, columns: Int, pixels: IntArray)
}

/** A colour image as the geometry reads it. It is read row by row, so that a large photo needs no second copy. */
@InternalKitApi
public class ArgbFrame(private val source: ArgbSource) : Frame {
    override val width: Int = source.width
    override val height: Int = source.height
    private val pixels = IntArray(width)

    override fun readGrey(
        left: Int,
        top: Int,
        columns: Int,
        rows: Int,
        luma: DoubleArray,
        values: DoubleArray,
        stride: Int,
    ) {
        val (red, green, blue) = luma
        for (row in 0 until rows) {
            source.read(top + row, left, columns, pixels)
            for (column in 0 until columns) {
                val pixel = pixels[column]
                values[row * stride + column] =
                    red * (pixel shr 16 and 0xff) + green * (pixel shr 8 and 0xff) + blue * (pixel and 0xff)
            }
        }
    }

    override fun readRow(row: Int, left: Int, columns: Int, rgb: FloatArray) {
        source.read(row, left, columns, pixels)
        for (column in 0 until columns) {
            val pixel = pixels[column]
            rgb[3 * column] = (pixel shr 16 and 0xff).toFloat()
            rgb[3 * column + 1] = (pixel shr 8 and 0xff).toFloat()
            rgb[3 * column + 2] = (pixel and 0xff).toFloat()
        }
    }
}

/** A pixel 0xAARRGGBB, not premultiplied, as it is seen in front of black. */
@InternalKitApi
public fun overBlack(pixel: Int): Int {
    val alpha = pixel ushr 24
    if (alpha == OPAQUE) return pixel
    fun level(shift: Int) = ((pixel shr shift and 0xff) * alpha + OPAQUE / 2) / OPAQUE shl shift
    return (OPAQUE shl 24) or level(16) or level(8) or level(0)
}

private const val OPAQUE = 255
