/*
 * A glance at a video: a search for the faces that near does not see, a step a frame so that no frame waits for it. Twin of
 * face_emotion/glance.py, whose docstring defines every step.
 */
@file:JvmName("-Glance")

package org.faceemotionkit.core

private const val MOST_PROPOSALS = 32

/** How many steps a glance has at most. */
internal val MOST_STEPS: Int = GLANCES.size + MOST_PROPOSALS

/** The state of one glance. [search]: of the detector. */
internal class Glance(private val search: Search) {
    private var looks = 0
    private val proposals = ArrayDeque<Proposal>()
    private var turnsLeft = search.mostTurned

    /** Whether there is no step left. */
    val isDone: Boolean get() = looks == GLANCES.size && proposals.isEmpty()

    /** [faces] of a frame with those that the next [steps] (1 or more) find; [faces] itself if they find none. */
    fun goOn(frame: Frame, faces: List<Detection>, steps: Int): List<Detection> {
        var known = faces
        repeat(steps) {
            if (looks < GLANCES.size) look(frame) else known = next(known)?.let { closer(frame, known, it) } ?: known
        }
        return known
    }

    private fun look(frame: Frame) {
        val all = (proposals + search.glance(frame, looks++)).surest(MOST_PROPOSALS)
        proposals.clear()
        proposals += all
    }

    private fun closer(frame: Frame, faces: List<Detection>, proposal: Proposal): List<Detection> {
        val (face, turned) = search.closer(frame, proposal, turnsLeft > 0)
        if (turned) turnsLeft--
        return if (face == null) faces else search.withSurer(faces, face)
    }

    /** The next proposal that is not a face that is known. */
    private fun next(faces: List<Detection>): Proposal? {
        while (true) {
            val proposal = proposals.removeFirstOrNull() ?: return null
            if (search.overlapping(proposal.box, faces).none(search::isSure)) return proposal
        }
    }
}
