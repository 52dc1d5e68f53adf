/*
 * Where a face that was found has moved since, from the motion of its pixels. Twin of face_emotion/follower.py, whose
 * docstring defines every step; all arithmetic is in Double. The motion itself is in Template.kt.
 */
@file:JvmName("-Follower")

package org.faceemotionkit.core

import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.sin

private const val MOST_SAMPLES = 2

/** Follows the faces of one video; keeps its working memory from frame to frame. One thread at a time. */
internal class Follower {
    private val narrow = GreySampler(Template.SIZE, BT601, MOST_SAMPLES)
    private val wide = GreySampler(Template.WINDOW, BT601, MOST_SAMPLES)

    /** A face of an image to be followed; null where it is too flat. */
    fun anchor(frame: Frame, face: Detection): Anchor? {
        val place = placeOf(face)
        return Template.of(levels(narrow.sample(frame, place)))?.let { Anchor(face, place, it) }
    }

    /** A face as it was [found], and where it has moved. [first]: its place there. */
    inner class Anchor(private val found: Detection, private val first: Transform, private val template: Template) {
        private var place = first

        /** The face in the next image, of the same size, or null where it is not seen any more. */
        fun follow(frame: Frame): Detection? {
            val seen = wide.sample(frame, place.copy(side = place.side * Template.WINDOW / Template.SIZE))
            val motion = template.motion(levels(seen)) ?: return null
            val scale = place.side / Template.SIZE
            val across = (motion.x * cos(place.angle) - motion.y * sin(place.angle)) * scale
            val down = (motion.x * sin(place.angle) + motion.y * cos(place.angle)) * scale
            place = Transform(
                place.centerX + across,
                place.centerY + down,
                place.side * motion.zoom,
                place.angle + motion.turn,
            )
            return moved(found, first, place)
        }
    }
}

/** The square of a face that is followed. */
internal fun placeOf(face: Detection): Transform {
    val (left, right) = face.leftEye to face.rightEye
    val box = face.uprightBox
    return Transform(box.centerX, box.centerY, (box.width + box.height) / 2, atan2(right.y - left.y, right.x - left.x))
}

/** A face whose place was [before], with its place [now]. */
private fun moved(face: Detection, before: Transform, now: Transform): Detection {
    val zoom = now.side / before.side
    val real = zoom * cos(now.angle - before.angle)
    val imaginary = zoom * sin(now.angle - before.angle)
    val keypoints = face.keypoints.mapValues { (_, point) ->
        val (x, y) = point.x - before.centerX to point.y - before.centerY
        Point(x * real - y * imaginary + now.centerX, x * imaginary + y * real + now.centerY)
    }
    val center = Point(now.centerX, now.centerY)
    val (width, height) = face.uprightBox.width * zoom to face.uprightBox.height * zoom
    val own = turnedBox(center, width, height, 0)
    val box = if (face.turn == 0) own else turnedBox(center, width, height, face.turn)
    return Detection(box, face.score, keypoints, face.turn, own)
}

private fun levels(grey: ByteArray) = DoubleArray(grey.size) { (grey[it].toInt() and 0xff).toDouble() }
