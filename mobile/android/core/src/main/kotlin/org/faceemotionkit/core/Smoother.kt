/* Probabilities and shown label of each track over time. Twin of face_emotion/smoother.py, which defines every step. */
@file:JvmName("-Smoother")

package org.faceemotionkit.core

import kotlin.math.exp

/** The smoothed probabilities of a track, and the index of the label to show. */
internal class Smoothed(val probabilities: DoubleArray, val label: Int)

/** Holds the smoothed probabilities and the shown label of every track. */
internal class Smoother(private val smoothing: Smoothing) {
    private class State(val probabilities: DoubleArray, val label: Int, val time: Double)

    private val states = HashMap<Int, State>()

    /**
     * Takes one observation of a track.
     *
     * @param probabilities as the network gave them; [time]: in seconds
     * @throws IllegalArgumentException for a time that is not finite or another number of classes than before
     */
    fun update(track: Int, probabilities: DoubleArray, time: Double): Smoothed {
        requireTime(time)
        val old = states[track]
        require(old == null || old.probabilities.size == probabilities.size) {
            "${probabilities.size} probabilities where track $track began with another number"
        }
        val state = if (old != null && old.continuesAt(time)) {
            next(old, probabilities, time)
        } else {
            State(probabilities.copyOf(), largest(probabilities), time)
        }
        states[track] = state
        states.values.removeAll { !it.continuesAt(time) }
        return Smoothed(state.probabilities.copyOf(), state.label)
    }

    private fun State.continuesAt(now: Double) = now >= time && now - time <= smoothing.resetAfter

    private fun next(old: State, observed: DoubleArray, time: Double): State {
        val weight = 1 - exp(-(time - old.time) / smoothing.timeConstant)
        val probabilities = DoubleArray(observed.size) { index ->
            val value = old.probabilities[index]
            value + weight * (observed[index] - value)
        }
        val best = largest(probabilities)
        val leads = probabilities[best] - probabilities[old.label] > smoothing.switchMargin
        return State(probabilities, if (leads) best else old.label, time)
    }
}

/** The index of the largest value, the first of equal ones. */
internal fun largest(values: DoubleArray): Int {
    var best = 0
    for (index in 1 until values.size) if (values[index] > values[best]) best = index
    return best
}
