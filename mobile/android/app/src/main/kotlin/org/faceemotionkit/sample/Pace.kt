package org.faceemotionkit.sample

private const val MEMORY = 0.9 // share of the earlier intervals in the mean

/** Frames per second, as an exponential mean over the intervals between them. */
class Pace {
    private var last: Double? = null
    private var interval: Double? = null

    /** Counts a frame at [seconds]; returns frames per second, or null for the first frame. */
    fun tick(seconds: Double): Double? {
        val elapsed = last?.let { seconds - it }
        last = seconds
        if (elapsed != null && elapsed > 0) interval = interval?.let { MEMORY * it + (1 - MEMORY) * elapsed } ?: elapsed
        return interval?.let { 1 / it }
    }

    /** Forgets the frames that were counted. */
    fun reset() {
        last = null
        interval = null
    }
}
