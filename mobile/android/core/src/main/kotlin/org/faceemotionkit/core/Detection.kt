/* A face that a detector found: what every kind of detector gives. Twin of face_emotion/detection.py. */
@file:JvmName("-Detection")

package org.faceemotionkit.core

import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.sin

/** The names of the eyes, the person's own right and left, among every detector's key points. */
internal val EYES = listOf("right_eye", "left_eye")

/**
 * A face with its key points, in source pixels.
 *
 * @property score 0..1
 * @property turn by how many degrees (0 to 359, clockwise on the screen) the face was turned back before the network
 *   saw it
 * @property uprightBox the box of the face turned upright about the box's centre, as [cropTransform] takes it; [box]
 *   where nothing was turned
 */
@InternalKitApi
public class Detection internal constructor(
    public val box: Box,
    public val score: Double,
    public val keypoints: Map<String, Point>,
    internal val turn: Int = 0,
    internal val uprightBox: Box = box,
) {
    private val eyes = Math.toRadians(turn.toDouble()).let { angle ->
        EYES.map(keypoints::getValue).sortedBy { it.x * cos(angle) + it.y * sin(angle) }
    }

    /** The eye that stood on the left where the network saw the face; [rightEye]: the other. */
    public val leftEye: Point get() = eyes[0]
    public val rightEye: Point get() = eyes[1]
}

/**
 * A decoded row of a network's output, or the mean of several.
 *
 * @property values x, y of the box's upper left and lower right corner, then of each key point
 */
internal class Candidate(val values: DoubleArray, val score: Double) {
    val box get() = Box(values[0], values[1], values[2], values[3])
    val points get() = List(values.size / 2) { Point(values[2 * it], values[2 * it + 1]) }
}

/** Faces in the square's pixels as upright faces of the image that lies there at [place], with their key points' names. */
internal fun detections(faces: List<Candidate>, place: Letterbox, keypoints: List<String>): List<Detection> =
    faces.map { face ->
        val points = face.points.map(place::toSource)
        val (low, high) = points
        Detection(Box(low.x, low.y, high.x, high.y), face.score, keypoints.zip(points.drop(2)).toMap())
    }

/** The smallest upright rectangle around a box of [width] x [height] pixels turned by [turn] degrees. */
internal fun turnedBox(center: Point, width: Double, height: Double, turn: Int): Box {
    val angle = Math.toRadians(turn.toDouble())
    val across = (width * abs(cos(angle)) + height * abs(sin(angle))) / 2
    val down = (width * abs(sin(angle)) + height * abs(cos(angle))) / 2
    return Box(center.x - across, center.y - down, center.x + across, center.y + down)
}
