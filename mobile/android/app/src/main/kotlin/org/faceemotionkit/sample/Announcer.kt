package org.faceemotionkit.sample

private const val SETTLED = 1.5 // seconds that a result must last
private const val PAUSE = 4.0 // seconds between two announcements

/**
 * Decides what a screen reader is told: what has settled into something new, and not more often than one can listen.
 */
class Announcer {
    private var said: List<String?>? = null
    private var candidate: List<String?>? = null
    private var since = 0.0
    private var last = Double.NEGATIVE_INFINITY

    /** Returns whether the faces' [labels] (null: unclear) at [seconds] should be said now. */
    fun isNews(labels: List<String?>, seconds: Double): Boolean {
        if (labels != candidate) {
            candidate = labels
            since = seconds
        }
        if (labels == said || seconds - since < SETTLED || seconds - last < PAUSE) return false
        said = labels
        last = seconds
        return true
    }

    /** Forgets what was said. */
    fun reset() {
        said = null
        candidate = null
        last = Double.NEGATIVE_INFINITY
    }
}
