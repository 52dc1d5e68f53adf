/*
 * The faces of a video, frame by frame: near in each, far now and then, and what near does not see is held on to. Twin of
 * face_emotion/live.py, whose docstring defines every step.
 */
package org.faceemotionkit.core

private const val GLANCE_EVERY = 2.0 // seconds
private const val GLANCE_EMPTY = 1.0

/** A detector's state of one video. */
internal fun interface Live {
    /** The faces of the next frame, highest score first; [time] in seconds. */
    fun faces(frame: Frame, time: Double): List<Detection>
}

/** The state of one video. [search]: of the detector. */
internal class LiveSearch(private val search: FarSearch) : Live {
    private var known = emptyList<Detection>()
    private var glanced = Double.NEGATIVE_INFINITY
    private var size = 0 to 0

    override fun faces(frame: Frame, time: Double): List<Detection> {
        if (size != frame.width to frame.height) known = emptyList()
        size = frame.width to frame.height
        var found = search.near(frame)
        val since = time - glanced
        var glances = !(since >= 0 && since < if (found.isEmpty()) GLANCE_EMPTY else GLANCE_EVERY)
        if (glances) found = search.glance(frame)
        for (old in known) {
            if (old.turn != 0 || search.overlapping(old, found).isEmpty()) found = held(frame, old, found)
        }
        if (known.isNotEmpty() && found.isEmpty() && !glances) {
            glances = true
            found = search.glance(frame)
        }
        if (glances) glanced = time
        known = found.sortedByDescending(Detection::score)
        return known
    }

    /** The faces with one of the frame before, where it is still there. */
    private fun held(frame: Frame, old: Detection, found: List<Detection>): List<Detection> {
        val face = search.lookAgain(frame, old) ?: return found
        val others = search.overlapping(face, found)
        return if (others.any { it.score >= face.score }) found else found - others.toSet() + face
    }
}
