/* Where a picture and its faces stand on the stage. */
package org.faceemotionkit.sample

import org.faceemotionkit.core.Box

/** A rectangle on the stage, in pixels of the screen. */
data class Place(val left: Float, val top: Float, val right: Float, val bottom: Float) {
    val width: Float get() = right - left
    val height: Float get() = bottom - top
}

/**
 * Returns where a picture of [width] x [height] stands when it is shown whole and centred on a stage of [stageWidth] x
 * [stageHeight]; an empty place at the origin if one of them is empty.
 */
fun placeOf(width: Int, height: Int, stageWidth: Int, stageHeight: Int): Place {
    if (width <= 0 || height <= 0 || stageWidth <= 0 || stageHeight <= 0) return Place(0f, 0f, 0f, 0f)
    val scale = minOf(stageWidth.toFloat() / width, stageHeight.toFloat() / height)
    val left = (stageWidth - width * scale) / 2
    val top = (stageHeight - height * scale) / 2
    return Place(left, top, left + width * scale, top + height * scale)
}

/**
 * Returns where a face's [box] of a picture of [width] pixels stands; [mirrored]: the picture is shown as a mirror
 * image.
 */
fun placeOf(box: Box, width: Int, picture: Place, mirrored: Boolean): Place {
    val scale = if (width > 0) picture.width / width else 0f
    val left = if (mirrored) width - box.xMax else box.xMin
    val right = if (mirrored) width - box.xMin else box.xMax
    return Place(
        picture.left + left.toFloat() * scale,
        picture.top + box.yMin.toFloat() * scale,
        picture.left + right.toFloat() * scale,
        picture.top + box.yMax.toFloat() * scale,
    )
}

/**
 * Returns where a face's tag stands: centred above its box, or inside its upper edge where there is no room above, and
 * always within the stage.
 *
 * @param tagWidth of the tag; [tagHeight]; [gap]: between tag and box, and to the stage's edges
 */
fun tagPlace(box: Place, tagWidth: Float, tagHeight: Float, gap: Float, stageWidth: Float): Place {
    val left = ((box.left + box.right - tagWidth) / 2).coerceAtMost(stageWidth - tagWidth - gap).coerceAtLeast(gap)
    val above = box.top - gap - tagHeight
    val top = if (above >= gap) above else maxOf(box.top + gap, gap)
    return Place(left, top, left + tagWidth, top + tagHeight)
}
