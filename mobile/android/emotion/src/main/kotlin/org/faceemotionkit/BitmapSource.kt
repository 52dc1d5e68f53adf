package org.faceemotionkit

import android.graphics.Bitmap
import org.faceemotionkit.core.ArgbSource
import org.faceemotionkit.core.UnsupportedImageException

/** A bitmap's pixels, read row by row. */
internal class BitmapSource private constructor(private val bitmap: Bitmap) : ArgbSource {
    override val width: Int = bitmap.width
    override val height: Int = bitmap.height

    override fun read(row: Int, left: Int, columns: Int, pixels: IntArray) =
        bitmap.getPixels(pixels, 0, width, left, row, columns, 1)

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
