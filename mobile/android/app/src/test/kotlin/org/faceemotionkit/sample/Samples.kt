/* Faces and readings for tests. */
package org.faceemotionkit.sample

import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Box
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Head

val LABELS = listOf("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

/** A face that shows [label] at 82 %, the rest in equal parts. */
fun faceOf(
    label: String,
    track: Int = 1,
    box: Box = Box(200.0, 100.0, 440.0, 380.0),
    certain: Boolean = true,
    small: Boolean = false,
): Face {
    val shares = LABELS.map { if (it == label) 0.82f else 0.03f }
    return Face(box, track, shares, label, 0.9f, emptyMap(), certain, small)
}

/** A reading of a picture of 640 x 480 pixels. */
fun readingOf(vararg labels: String): Reading =
    pictureOf(labels.mapIndexed { index, label -> faceOf(label, index + 1) })

/** The same with these faces. */
fun pictureOf(faces: List<Face>): Reading = Reading(faces, 640, 480, 12.34)

/** Learns nothing but how many frames it was given, which the baseline has for every label. */
class CountingLearner : FaceLearner {
    private var frames = 0

    override fun add(faces: List<Face>) {
        check(faces.size == 1)
        frames += 1
    }

    override fun baseline() = Baseline("model", Head.BOTH, LABELS, LABELS.map { frames })
}

/** A model that learns by counting. */
fun modelOf(learner: (() -> FaceLearner)? = ::CountingLearner): Model = Model(LABELS, trackMemory = 1.0, learner)

/** Keeps what the presenter orders. */
class RecordedDevice : Device {
    val orders = mutableListOf<String>()
    val used = mutableListOf<Map<Int, Baseline>>()

    override fun loadModel() = record("load")

    override fun openCamera(lens: Lens) = record("open $lens")

    override fun closeCamera() = record("close")

    override fun useBaselines(baselines: Map<Int, Baseline>) {
        used += baselines
    }

    override fun askPermission() = record("ask")

    override fun openSettings() = record("settings")

    override fun pickPicture() = record("pick")

    override fun readPicture(picture: String) = record("read $picture")

    override fun share(json: String) = record("share $json")

    private fun record(order: String) {
        orders += order
    }
}
