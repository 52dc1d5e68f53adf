/* One face out of the many rows in which a network says that it sees it. Twin of face_emotion/suppression.py. */
package org.faceemotionkit.core

/**
 * A decoded row.
 *
 * @property values x, y of the box's upper left and lower right corner, then of each key point
 */
internal class Candidate(val values: DoubleArray, val score: Double) {
    val box get() = Box(values[0], values[1], values[2], values[3])
    val points get() = List(values.size / 2) { Point(values[2 * it], values[2 * it + 1]) }
}

/** One weighted mean for each group of rows that overlap by more than [iouThreshold], highest score first. */
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
