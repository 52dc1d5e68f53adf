/*
 * From the logits of a network's heads to probabilities, the same to the bit on every processor and in every language.
 * Twin of face_emotion/softmax.py.
 *
 * A kernel's own softmax rounds differently on x86-64 and ARM64; the int8 logits in front of it do not. So the answer
 * is made of them here: whole numbers, one table, one division. A fused multiply-add would change none of them: where a
 * sum follows a product, that is by a power of two, and exact.
 */
@file:JvmName("-Softmax")

package org.faceemotionkit.core

import kotlin.math.exp
import kotlin.math.floor

internal const val STEPS = 256 // of a score, a unit of the natural logarithm
private const val ONE = 1L shl 24 // what the table has for the largest score
private const val TABLE_SIZE = 4096 // scores further below the largest count as nothing: exp(-16) of it
private const val FRACTION = 1L shl 16 // of a score, while the heads are summed

/** The table, 4096 entries: entry k is exp(-k / 256) * 2^24, rounded to the nearest whole number. */
internal fun exponentials(): LongArray =
    LongArray(TABLE_SIZE) { floor(exp(-it.toDouble() / STEPS) * ONE + 0.5).toLong() }

private val TABLE = exponentials()

/**
 * What a step of each head's quantised logits weighs, in 1 / 65536 of a score.
 *
 * @param scale of the logits tensor, real value a step, > 0
 * @param blend weight of each head's logits
 */
internal fun multipliers(scale: Double, blend: DoubleArray): LongArray =
    LongArray(blend.size) { floor(scale * blend[it] * (STEPS * FRACTION) + 0.5).toLong() }

/**
 * The blended logits of each class, in 1 / 256.
 *
 * @param steps of the logits tensor from its zero point, head after head
 * @param multipliers one a head
 */
internal fun scores(steps: IntArray, multipliers: LongArray): LongArray {
    val classes = steps.size / multipliers.size
    return LongArray(classes) { label ->
        var sum = FRACTION / 2
        for (head in multipliers.indices) sum += steps[head * classes + label] * multipliers[head]
        Math.floorDiv(sum, FRACTION)
    }
}

/** The probabilities, which sum to 1, of whole scores in 1 / 256: their softmax by the table. */
internal fun probabilitiesOf(scores: LongArray): FloatArray {
    var largest = scores[0]
    for (score in scores) largest = maxOf(largest, score)
    val powers = LongArray(scores.size) {
        val below = largest - scores[it]
        if (below < TABLE_SIZE) TABLE[below.toInt()] else 0
    }
    val sum = powers.sum().toDouble()
    return FloatArray(powers.size) { (powers[it].toDouble() / sum).toFloat() }
}

/** A float network's real logits, head after head, blended alike: one a class. */
internal fun blendedLogits(logits: FloatArray, blend: DoubleArray): DoubleArray {
    val classes = logits.size / blend.size
    return DoubleArray(classes) { label ->
        var sum = 0.0
        for (head in blend.indices) sum += logits[head * classes + label] * blend[head]
        sum
    }
}

/** The probabilities, which sum to 1, of real logits: their softmax. */
internal fun realProbabilities(blended: DoubleArray): FloatArray {
    val largest = blended[largest(blended)]
    val powers = DoubleArray(blended.size) { exp(blended[it] - largest) }
    val sum = powers.sum()
    return FloatArray(blended.size) { (powers[it] / sum).toFloat() }
}
