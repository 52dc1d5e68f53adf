/*
 * The decoder of BlazeFace short range, the detector of manifests of format 1. Twin of face_emotion/blazeface.py, whose
 * docstring defines every step.
 */
@file:JvmName("-BlazeFace")

package org.faceemotionkit.core

import kotlin.math.exp

/** A grid of anchors: one cell every [stride] pixels, [count] anchors in each. */
internal class AnchorGrid(val stride: Int, val count: Int)

/**
 * What the manifest says under "detector".
 *
 * @property inputSize side of the square input in pixels
 * @property keypoints names, those of [EYES] among them
 * @property scoreThreshold 0..1, as [iouThreshold]; [scoreClip] > 0
 */
internal class BlazeFaceSettings(
    val inputSize: Int,
    val anchors: List<AnchorGrid>,
    val keypoints: List<String>,
    val scoreThreshold: Double,
    val scoreClip: Double,
    val iouThreshold: Double,
) {
    companion object {
        /** Throws [ModelDamagedException] naming the entry that is missing or unusable. */
        fun read(manifest: Fields): BlazeFaceSettings {
            val anchors = manifest.objects("detector.anchors").map { AnchorGrid(it.count("stride"), it.count("count")) }
            if (anchors.isEmpty()) manifest.refuse("detector.anchors", "at least one grid")
            return BlazeFaceSettings(
                inputSize = manifest.count("detector.input_size"),
                anchors = anchors,
                keypoints = keypointsOf(manifest),
                scoreThreshold = manifest.fraction("detector.score_threshold"),
                scoreClip = manifest.positive("detector.score_clip"),
                iouThreshold = manifest.fraction("detector.iou_threshold"),
            )
        }
    }
}

/** The names of a detector's key points; throws [ModelDamagedException] if those of [EYES] are not among them. */
internal fun keypointsOf(manifest: Fields): List<String> {
    val names = manifest.names("detector.keypoints")
    if (!names.containsAll(EYES)) manifest.refuse("detector.keypoints", EYES.joinToString(" and "))
    return names
}

/** The anchors' centres x, y as fractions of the square's side, one after the other. */
internal fun anchorsOf(settings: BlazeFaceSettings): DoubleArray {
    val centers = ArrayList<Double>()
    for (grid in settings.anchors) {
        val cells = (settings.inputSize + grid.stride - 1) / grid.stride
        for (row in 0 until cells) {
            for (column in 0 until cells) {
                repeat(grid.count) {
                    centers += (column + 0.5) / cells
                    centers += (row + 0.5) / cells
                }
            }
        }
    }
    return centers.toDoubleArray()
}

/**
 * The rows that count, in the order of the anchors, in pixels of the square.
 *
 * @param rawBoxes a row for each anchor: box centre and size, then points
 * @param centers what [anchorsOf] returns
 */
internal fun decode(
    rawBoxes: FloatArray,
    rawScores: FloatArray,
    centers: DoubleArray,
    settings: BlazeFaceSettings,
): List<Candidate> {
    val length = 4 + 2 * settings.keypoints.size
    val size = settings.inputSize
    val found = ArrayList<Candidate>()
    for (row in rawScores.indices) {
        val clipped = rawScores[row].toDouble().coerceIn(-settings.scoreClip, settings.scoreClip)
        val score = 1 / (1 + exp(-clipped))
        if (!(score >= settings.scoreThreshold)) continue
        val values = DoubleArray(length) { rawBoxes[row * length + it].toDouble() }
        val (x, y, width, height) = values
        if (!(values.all(::isFinite) && width > 0 && height > 0)) continue
        for (k in 4 until length) values[k] += centers[2 * row + k % 2] * size
        val centerX = x + centers[2 * row] * size
        val centerY = y + centers[2 * row + 1] * size
        values[0] = centerX - width / 2
        values[1] = centerY - height / 2
        values[2] = centerX + width / 2
        values[3] = centerY + height / 2
        found += Candidate(values, score)
    }
    return found
}
