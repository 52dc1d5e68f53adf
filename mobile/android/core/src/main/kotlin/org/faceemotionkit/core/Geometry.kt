/*
 * From a detected face to the network's grey pixels. Twin of face_emotion/geometry.py, whose docstring defines every
 * step; all arithmetic is in Double, and the answers agree with Python's to one grey level.
 */
@file:JvmName("-Geometry")

package org.faceemotionkit.core

import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.max
import kotlin.math.sin

/** A square crop: its centre and side in source pixels, its angle in radians (clockwise on the screen). */
internal data class Transform(val centerX: Double, val centerY: Double, val side: Double, val angle: Double)

/**
 * The crop that puts a detected face where the network's training faces stand.
 *
 * @param box of the face turned upright: [Detection.uprightBox]
 * @param leftEye the eye that stood on the left there; [rightEye]: the other
 * @throws IllegalArgumentException if a number is not finite or the box is empty
 */
internal fun cropTransform(box: Box, leftEye: Point, rightEye: Point, crop: Crop): Transform {
    requireUsable(box)
    require(listOf(leftEye.x, leftEye.y, rightEye.x, rightEye.y).all(::isFinite)) {
        "eyes: finite numbers are expected"
    }
    val angle = atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x)
    val side = box.width / crop.boxWidth
    val across = crop.centerX - 0.5
    val down = crop.centerY - 0.5
    return Transform(
        centerX = box.centerX - side * (across * cos(angle) - down * sin(angle)),
        centerY = box.centerY - side * (across * sin(angle) + down * cos(angle)),
        side = side,
        angle = angle,
    )
}

/** The upright crop that holds a whole image of an already cropped face, centred. */
internal fun wholeImage(width: Int, height: Int): Transform =
    Transform(width / 2.0, height / 2.0, max(width, height).toDouble(), 0.0)

internal fun isFinite(value: Double): Boolean = !value.isNaN() && !value.isInfinite()

internal fun requireUsable(box: Box) {
    val finite = listOf(box.xMin, box.yMin, box.xMax, box.yMax).all(::isFinite)
    require(finite && box.xMax > box.xMin && box.yMax > box.yMin) {
        "$box: finite numbers with xMin < xMax and yMin < yMax are expected"
    }
}
