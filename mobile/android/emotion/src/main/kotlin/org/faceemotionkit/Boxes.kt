/* Where a face's box is drawn. */
@file:JvmName("Boxes")

package org.faceemotionkit

import android.graphics.RectF
import org.faceemotionkit.core.Box

/** The box as Android's own rectangle, in pixels of the upright image. */
public fun Box.toRectF(): RectF = RectF(xMin.toFloat(), yMin.toFloat(), xMax.toFloat(), yMax.toFloat())

/**
 * Where the box stands in a view that shows the whole upright image, centred and as large as fits (ScaleType.FIT_CENTER).
 *
 * @param imageWidth of the upright image in pixels, [imageHeight] likewise: the size that the frame has once it is turned
 * @param viewWidth of the view in pixels, [viewHeight] likewise
 * @param isMirrored whether the view shows the image as a mirror does, as previews of front cameras do
 * @param fills whether the image fills the view and is cut off (CENTER_CROP, CameraX's FILL_CENTER) instead
 */
@JvmOverloads
public fun Box.toRectF(
    imageWidth: Int,
    imageHeight: Int,
    viewWidth: Int,
    viewHeight: Int,
    isMirrored: Boolean = false,
    fills: Boolean = false,
): RectF {
    val (across, down) = viewWidth.toDouble() / imageWidth to viewHeight.toDouble() / imageHeight
    val scale = if (fills) maxOf(across, down) else minOf(across, down)
    val left = (viewWidth - imageWidth * scale) / 2
    val top = (viewHeight - imageHeight * scale) / 2
    val (from, to) = if (isMirrored) imageWidth - xMax to imageWidth - xMin else xMin to xMax
    return RectF(
        (left + from * scale).toFloat(),
        (top + yMin * scale).toFloat(),
        (left + to * scale).toFloat(),
        (top + yMax * scale).toFloat(),
    )
}
