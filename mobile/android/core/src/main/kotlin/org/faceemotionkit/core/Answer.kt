/* What a network said of a face, and what becomes of it: scores to learn from, probabilities with offsets taken off. */
@file:JvmName("-Answer")

package org.faceemotionkit.core

import kotlin.math.floor
import kotlin.math.ln

private const val LEAST_SHARE = 1.0 / 1024

/** An answer of a network of any kind. */
internal interface Answer {
    /** Of each class, in 1 / 256 of the natural logarithm: what a baseline is learnt from. */
    fun scores(): LongArray

    /** The probabilities, once [offsets] (in 1 / 256) are taken off the scores; null: there are none. */
    fun probabilities(offsets: LongArray?): FloatArray
}

/** The whole scores of an int8 network. */
internal class WholeAnswer(private val scores: LongArray) : Answer {
    override fun scores() = scores

    override fun probabilities(offsets: LongArray?) = probabilitiesOf(scores.less(offsets))
}

/** The real blended logits of a float network. */
internal class RealAnswer(private val logits: DoubleArray) : Answer {
    override fun scores() = LongArray(logits.size) { floor(STEPS * logits[it] + 0.5).toLong() }

    override fun probabilities(offsets: LongArray?) = realProbabilities(
        if (offsets == null) logits else DoubleArray(logits.size) { logits[it] - offsets[it].toDouble() / STEPS },
    )
}

/** The probabilities of a network of format 1, which stay as they are unless there is a baseline. */
internal class SharesAnswer(private val shares: FloatArray) : Answer {
    override fun scores() =
        LongArray(shares.size) { floor(STEPS * ln(maxOf(shares[it].toDouble(), LEAST_SHARE)) + 0.5).toLong() }

    override fun probabilities(offsets: LongArray?) =
        if (offsets == null) shares else probabilitiesOf(scores().less(offsets))
}

private fun LongArray.less(offsets: LongArray?) =
    if (offsets == null) this else LongArray(size) { this[it] - offsets[it] }
