/* From the detector network's numbers to faces: steps 2 to 5 of face_emotion/detector.py's docstring. */
package org.faceemotionkit.core

import kotlin.math.exp

/** A face with its eyes, in source pixels; [leftEye] is the one on the image's left. [score]: 0..1. */
public class Detection internal constructor(
    public val box: Box,
    public val score: Double,
    public val keypoints: Map<String, Point>,
) {
    private val eyes = DetectorSettings.EYES.map(keypoints::getValue).sortedBy(Point::x)
    public val leftEye: Point get() = eyes[0]
    public val rightEye: Point get() = eyes[1]
}

/**
 * A decoded row: fractions of the square's side.
 *
 * @property values x, y of the box's upper left and lower right corner, then of each key point
 */
internal class Candidate(val values: DoubleArray, val score: Double) {
    val box get() = Box(values[0], values[1], values[2], values[3])
}

/** The anchors' centres x, y as fractions of the square's side, one after the other. */
internal fun anchorsOf(settings: DetectorSettings): DoubleArray {
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
 * The rows that count, in the order of the anchors.
 *
 * @param rawBoxes a row for each anchor: box centre and size, then points
 * @param centers what [anchorsOf] returns
 */
internal fun decode(
    rawBoxes: FloatArray,
    rawScores: FloatArray,
    centers: DoubleArray,
    settings: DetectorSettings,
): List<Candidate> {
    val length = 4 + 2 * settings.keypoints.size
    val found = ArrayList<Candidate>()
    for (row in rawScores.indices) {
        val clipped = rawScores[row].toDouble().coerceIn(-settings.scoreClip, settings.scoreClip)
        val score = 1 / (1 + exp(-clipped))
        if (!(score >= settings.scoreThreshold)) continue
        val values = DoubleArray(length) { rawBoxes[row * length + it].toDouble() / settings.inputSize }
        val (x, y, width, height) = values
        if (!(values.all(::isFinite) && width > 0 && height > 0)) continue
        for (k in 4 until length) values[k] += centers[2 * row + k % 2]
        val centerX = x + centers[2 * row]
        val centerY = y + centers[2 * row + 1]
        values[0] = centerX - width / 2
        values[1] = centerY - height / 2
        values[2] = centerX + width / 2
        values[3] = centerY + height / 2
        found += Candidate(values, score)
    }
    return found
}

/** One weighted mean for each group of overlapping rows, highest score first. */
internal fun weightedSuppression(candidates: List<Candidate>, iouThreshold: Double): List<Candidate> {
    var left = candidates.sortedByDescending(Candidate::score)
    val faces = ArrayList<Candidate>()
    while (left.isNotEmpty()) {
        val first = left[0]
        val (same, others) = left.partition {
            it === first || intersectionOverUnion(first.box, it.box) > iouThreshold
        }
        val total = same.sumOf(Candidate::score)
        val means = DoubleArray(first.values.size) { k -> same.sumOf { it.score * it.values[k] } / total }
        faces += Candidate(means, first.score)
        left = others
    }
    return faces
}

/** Faces of the square in pixels of the image, width x height, that was letterboxed into it. */
internal fun toDetections(
    faces: List<Candidate>,
    width: Int,
    height: Int,
    settings: DetectorSettings,
): List<Detection> {
    val place = Letterbox.of(width, height, settings.inputSize)
    return faces.map { face ->
        fun point(k: Int) = place.toSource(face.values[2 * k], face.values[2 * k + 1], settings.inputSize)
        val low = point(0)
        val high = point(1)
        val keypoints = settings.keypoints.withIndex().associate { (k, name) -> name to point(k + 2) }
        Detection(Box(low.x, low.y, high.x, high.y), face.score, keypoints)
    }
}
