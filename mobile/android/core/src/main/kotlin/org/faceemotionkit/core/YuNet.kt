/*
 * The decoder of YuNet, the detector of manifests of format 2. Twin of face_emotion/yunet.py, whose docstring defines
 * every step; all arithmetic after the network is in Double.
 */
@file:JvmName("-YuNet")

package org.faceemotionkit.core

import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.min
import kotlin.math.sqrt

private const val CLIP = 100.0
private const val LARGEST_EXPONENT = 20.0
private const val MARGIN = 1e-6
private const val SURE = 30.0 // a logit from which on a chance may be 1
private const val BEFORE_POINTS = 6 // numbers of a row: class, objectness, centre, extent

/**
 * How pictures are searched for small and turned faces; face_emotion/far.py says what each is for.
 *
 * @property proposalThreshold, [confirmThreshold], [sureScore]: scores, 0..1
 * @property zoom > 1
 * @property fineSide longer side, in pixels, up to which small pictures are enlarged
 * @property overlap of two parts, in pixels of the parts, less than their side
 * @property mostParts, [mostProposals], [mostTurned]: >= 1
 */
internal class FarSettings(
    val proposalThreshold: Double,
    val confirmThreshold: Double,
    val sureScore: Double,
    val zoom: Double,
    val fineSide: Int,
    val overlap: Int,
    val mostParts: Int,
    val mostProposals: Int,
    val mostTurned: Int,
) {
    companion object {
        fun read(manifest: Fields): FarSettings = FarSettings(
            proposalThreshold = manifest.fraction("$FAR.proposal_threshold"),
            confirmThreshold = manifest.fraction("$FAR.confirm_threshold"),
            sureScore = manifest.fraction("$FAR.sure_score"),
            zoom = manifest.positive("$FAR.zoom").also {
                if (it <=
                    1
                ) {
                    manifest.refuse("$FAR.zoom", "a number above 1")
                }
            },
            fineSide = manifest.count("$FAR.fine_side"),
            overlap = manifest.count("$FAR.overlap"),
            mostParts = manifest.count("$FAR.most_parts"),
            mostProposals = manifest.count("$FAR.most_proposals"),
            mostTurned = manifest.count("$FAR.most_turned"),
        )

        const val FAR = "detector.far"
    }
}

/**
 * What the manifest says under "detector".
 *
 * @property nearSize side of the square of the network for near in pixels, a multiple of each stride; [farSize] likewise
 * @property strides of the grids, in the order of the output's rows
 * @property keypoints names, those of [EYES] among them
 * @property scoreThreshold of a face that one pass alone finds, 0..1; [iouThreshold]: of the suppression, 0..1
 */
internal class YuNetSettings(
    val nearSize: Int,
    val farSize: Int,
    val strides: List<Int>,
    val keypoints: List<String>,
    val scoreThreshold: Double,
    val iouThreshold: Double,
    val far: FarSettings,
) {
    /** How many numbers a row of the output has. */
    val columns: Int get() = BEFORE_POINTS + 2 * keypoints.size

    /** How many rows the network of [size] pixels has. */
    fun rows(size: Int): Int = strides.sumOf { (size / it) * (size / it) }

    companion object {
        const val KIND = "yunet"

        /** Throws [ModelDamagedException] naming the entry that is missing or unusable. */
        fun read(manifest: Fields): YuNetSettings {
            val strides = manifest.counts("detector.strides")
            fun size(path: String) = manifest.count(path).also { size ->
                if (strides.any { size % it != 0 }) manifest.refuse(path, "a multiple of each of detector.strides")
            }
            val settings = YuNetSettings(
                nearSize = size("detector.near_size"),
                farSize = size("detector.far_size"),
                strides = strides,
                keypoints = keypointsOf(manifest),
                scoreThreshold = manifest.fraction("detector.score_threshold"),
                iouThreshold = manifest.fraction("detector.iou_threshold"),
                far = FarSettings.read(manifest),
            )
            if (settings.far.overlap >= settings.farSize) {
                manifest.refuse("${FarSettings.FAR}.overlap", "less than detector.far_size")
            }
            return settings
        }
    }
}

/** Column, row and stride of each row of the output for a square of [size] pixels, one after the other. */
internal fun cellsOf(strides: List<Int>, size: Int): IntArray {
    val cells = ArrayList<Int>()
    for (stride in strides) {
        for (row in 0 until size / stride) for (column in 0 until size / stride) cells += listOf(column, row, stride)
    }
    return cells.toIntArray()
}

/**
 * The rows that count, in their order, in pixels of the square.
 *
 * @param raw the network's output, row by row
 * @param cells what [cellsOf] returns; [threshold]: of the score, 0..1
 */
internal fun decode(raw: FloatArray, cells: IntArray, threshold: Double): List<Candidate> {
    val columns = raw.size / (cells.size / 3)
    val found = ArrayList<Candidate>()
    val least = leastLogit(threshold)
    for (row in 0 until cells.size / 3) {
        val at = row * columns
        if (!(raw[at] >= least && raw[at + 1] >= least)) continue
        val score = sqrt(chance(raw[at]) * chance(raw[at + 1]))
        if (!(score >= threshold) || (at until at + columns).any { !isFinite(raw[it].toDouble()) }) continue
        val stride = cells[3 * row + 2].toDouble()

        // x of an even k, y of an odd one
        fun place(k: Int) = (cells[3 * row + k % 2] + raw[at + k].toDouble()) * stride
        fun half(k: Int) = exp(min(raw[at + k].toDouble(), LARGEST_EXPONENT)) * stride / 2
        val values = DoubleArray(columns - 2) { place(it + 2) }
        values[0] = place(2) - half(4)
        values[1] = place(3) - half(5)
        values[2] = place(2) + half(4)
        values[3] = place(3) + half(5)
        found += Candidate(values, score)
    }
    return found
}

/** A row of which one logit is below it cannot reach the [threshold], whatever the other is: most rows are done with so. */
private fun leastLogit(threshold: Double): Double =
    min(ln(threshold * threshold / (1 - threshold * threshold)) - MARGIN, SURE)

private fun chance(logit: Float): Double = 1 / (1 + exp(-logit.toDouble().coerceIn(-CLIP, CLIP)))
