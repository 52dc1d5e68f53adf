/* One face out of the many rows in which a network says that it sees it. Twin of face_emotion/suppression.py. */
@file:JvmName("-Suppression")

package org.faceemotionkit.core

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
