@file:JvmName("-Frame")

package org.faceemotionkit.core

/** An upright image that the geometry reads: a bitmap's pixels or the planes of a camera's image. */
@InternalKitApi
public interface Frame {
    /** In pixels of the upright image, >= 1. */
    public val width: Int
    public val height: Int

    /**
     * Reads the grey levels 0..255, not rounded, of a part of the image, row by row.
     *
     * @param left the first column, [top] the first row, [columns] and [rows] how many; all inside the image
     * @param luma the weights of red, green and blue
     * @param values where to: [stride] numbers from one row to the next
     */
    public fun readGrey(
        left: Int,
        top: Int,
        columns: Int,
        rows: Int,
        luma: DoubleArray,
        values: DoubleArray,
        stride: Int,
    )

    /**
     * Reads the red, green and blue levels 0..255 of [columns] pixels of a row, from column [left] on, all inside the
     * image.
     *
     * @param rgb where to: 3 * columns numbers
     */
    public fun readRow(row: Int, left: Int, columns: Int, rgb: FloatArray)
}

/** The weights of red, green and blue in what ITU-R BT.601 calls luma: the grey that the detector is shown. */
internal val BT601: DoubleArray = doubleArrayOf(0.299, 0.587, 0.114)
