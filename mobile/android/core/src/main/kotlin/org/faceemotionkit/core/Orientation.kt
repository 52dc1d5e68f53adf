@file:JvmName("-Orientation")

package org.faceemotionkit.core

/**
 * How an image lies in memory, and where the pixels of the upright one are to be found there.
 *
 * @param columns of the image as it lies in memory; [lines] likewise
 * @param rotation how far it has to be turned clockwise to stand upright: 0, 90, 180 or 270
 * @param isMirrored whether left and right are exchanged once it stands upright; they are exchanged back
 */
internal class Orientation(
    val columns: Int,
    val lines: Int,
    private val rotation: Int = 0,
    private val isMirrored: Boolean = false,
) {
    private val isTurned = rotation == 90 || rotation == 270

    /** Of the upright image, in pixels. */
    val width: Int = if (isTurned) lines else columns
    val height: Int = if (isTurned) columns else lines

    /** By how much [column] and [line] change from one upright column to the next. */
    val stepX: Int = sign * (mapOf(0 to 1, 180 to -1)[rotation] ?: 0)
    val stepY: Int = sign * (mapOf(270 to 1, 90 to -1)[rotation] ?: 0)

    private val sign get() = if (isMirrored) -1 else 1

    /** The column in memory of an upright pixel. */
    fun column(x: Int, y: Int): Int = when (rotation) {
        0 -> across(x)
        90 -> y
        180 -> columns - 1 - across(x)
        else -> columns - 1 - y
    }

    /** The line in memory of an upright pixel. */
    fun line(x: Int, y: Int): Int = when (rotation) {
        0 -> y
        90 -> lines - 1 - across(x)
        180 -> lines - 1 - y
        else -> across(x)
    }

    private fun across(x: Int) = if (isMirrored) width - 1 - x else x
}

/** Throws [UnsupportedImageException] for a rotation that is no quarter turn. */
internal fun requireQuarterTurn(rotation: Int) {
    if (rotation !in QUARTER_TURNS) {
        throw UnsupportedImageException("rotation $rotation: 0, 90, 180 or 270 degrees are expected.")
    }
}

private val QUARTER_TURNS = setOf(0, 90, 180, 270)
