package org.faceemotionkit

import android.graphics.Bitmap
import org.faceemotionkit.core.ArgbSource
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.core.overBlack

/**
 * A bitmap's pixels, read row by row: 8 bits of sRGB, whatever the bitmap's configuration and colour space are, and
 * what is transparent laid over black.
 */
internal class BitmapSource private constructor(private val bitmap: Bitmap) : ArgbSource {
    override val width: Int = bitmap.width
    override val height: Int = bitmap.height
    private val isOpaque = !bitmap.hasAlpha()

    override fun read(row: Int, left: Int, columns: Int, pixels: IntArray) {
        bitmap.getPixels(pixels, 0, width, left, row, columns, 1) // converts to sRGB
        if (!isOpaque) for (column in 0 until columns) pixels[column] = overBlack(pixels[column])
    }

    companion object {
        /** Throws [UnsupportedImageException] for a recycled bitmap. A hardware bitmap's pixels are copied. */
        fun of(bitmap: Bitmap): BitmapSource {
            if (bitmap.isRecycled) throw UnsupportedImageException("The bitmap was recycled.")
            if (bitmap.config != Bitmap.Config.HARDWARE) return BitmapSource(bitmap)
            val copy: Bitmap? = bitmap.copy(Bitmap.Config.ARGB_8888, false)
            return BitmapSource(copy ?: throw UnsupportedImageException("The hardware bitmap's pixels cannot be read."))
        }
    }
}
