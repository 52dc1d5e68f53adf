/* Faces and readings for tests. */
package org.faceemotionkit.sample

import org.faceemotionkit.core.Box
import org.faceemotionkit.core.Face

val LABELS = listOf("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

/** Width of the narrowest box that the tests' model reads well. */
const val SMALLEST = 33.6

/** A face that shows [label] at 82 %, the rest in equal parts. */
fun faceOf(label: String, track: Int = 1, box: Box = Box(200.0, 100.0, 440.0, 380.0)): Face =
    Face(box, track, FloatArray(LABELS.size) { if (LABELS[it] == label) 0.82f else 0.03f }, label, 0.9f)

/** A reading of a picture of 640 x 480 pixels. */
fun readingOf(vararg labels: String): Reading =
    pictureOf(labels.mapIndexed { index, label -> faceOf(label, index + 1) })

/** The same with these faces. */
fun pictureOf(faces: List<Face>): Reading = Reading(faces, 640, 480, 12.34, SMALLEST)
