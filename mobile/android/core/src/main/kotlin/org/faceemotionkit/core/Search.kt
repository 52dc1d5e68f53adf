/* What a video's state asks of a search of its frames. */
@file:JvmName("-Search")

package org.faceemotionkit.core

/** What a closer look made of a proposal: a face, or null, and whether it was turned further. */
internal data class Closer(val face: Detection?, val turned: Boolean)

/** A search for faces in a frame, look by look. */
internal interface Search {
    /** How many proposals of a search are looked at at every angle. */
    val mostTurned: Int

    /** The faces of one look at the whole image, highest score first. */
    fun near(frame: Frame): List<Detection>

    /** What a look at the whole image proposes: GLANCES[[number]]. */
    fun glance(frame: Frame, number: Int): List<Proposal>

    /** What a closer look at a proposal makes of it; [mayTurn]: whether it may be turned further. */
    fun closer(frame: Frame, proposal: Proposal, mayTurn: Boolean): Closer

    /** A face of another image where it was, turned back by the whole degrees of its eyes' line, or null. */
    fun lookAgain(frame: Frame, face: Detection): Detection?

    /** Those of [faces] whose boxes overlap with [box]. */
    fun overlapping(box: Box, faces: List<Detection>): List<Detection>

    /** Whether a face is so sure that a closer look could tell no more. */
    fun isSure(face: Detection): Boolean

    /** Whether a face's score is that of one that a closer look has confirmed. */
    fun isConfirmed(face: Detection): Boolean
}

/** [faces] with one more in the place of those that it overlaps with, if it is the surest; else [faces]. */
internal fun Search.withSurer(faces: List<Detection>, face: Detection): List<Detection> {
    val others = overlapping(face.box, faces)
    return if (others.any { it.score >= face.score }) faces else faces - others.toSet() + face
}
