@file:JvmName("-Plane")

package org.faceemotionkit.core

import java.nio.ByteBuffer

/**
 * One plane of a YUV 4:2:0 image, as android.media.Image.Plane gives it.
 *
 * @property bytes from the first pixel, at the buffer's position, to the last; what follows the last pixel of a row or of
 *   the plane may be missing
 * @property rowStride bytes from one row to the next, [pixelStride] from one pixel to the next
 */
public class Plane(public val bytes: ByteBuffer, public val rowStride: Int, public val pixelStride: Int) {
    /** How many bytes [rows] of [columns] pixels take. */
    internal fun needed(columns: Int, rows: Int): Long = (rows - 1L) * rowStride + (columns - 1L) * pixelStride + 1

    /** Throws [UnsupportedImageException] where the strides are too short for the pixels, or the bytes for the strides. */
    internal fun require(columns: Int, rows: Int) {
        val fits = pixelStride >= 1 && rowStride >= (columns - 1L) * pixelStride + 1
        if (fits && bytes.remaining() >= needed(columns, rows)) return
        throw UnsupportedImageException(
            "a plane of ${bytes.remaining()} bytes with strides $rowStride and $pixelStride is too short " +
                "for $columns x $rows pixels.",
        )
    }

    /** The same in memory of its own. */
    internal fun copied(columns: Int, rows: Int): Plane {
        val copy = ByteArray(needed(columns, rows).toInt())
        bytes.duplicate().get(copy)
        return Plane(ByteBuffer.wrap(copy), rowStride, pixelStride)
    }
}

/** How many columns (or rows) plane [index] of an image has that is [pixels] wide (or high). */
internal fun columnsOf(index: Int, pixels: Int): Int = if (index == 0) pixels else pixels / 2 + pixels % 2
