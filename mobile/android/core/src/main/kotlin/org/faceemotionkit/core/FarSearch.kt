/*
 * Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a closer
 * one. Twin of face_emotion/far.py, whose docstring defines every step; the looks are in Looks.kt.
 */
package org.faceemotionkit.core

import kotlin.math.abs
import kotlin.math.atan2
import kotlin.math.floor
import kotlin.math.max

/** What a video's state asks of a search of its frames. */
internal interface Search {
    /** The faces of one look at the whole image, highest score first. */
    fun near(frame: Frame): List<Detection>

    /** What a search without parts and without looks at 45 and 135 degrees finds, highest score first. */
    fun glance(frame: Frame): List<Detection>

    /** A face of another image where it was, turned back by the whole degrees of its eyes' line, or null. */
    fun lookAgain(frame: Frame, face: Detection): Detection?

    /** Those of [faces] whose boxes overlap with that of [face]. */
    fun overlapping(face: Detection, faces: List<Detection>): List<Detection>

    /** Whether a face's score is that of one that a closer look has confirmed. */
    fun isConfirmed(face: Detection): Boolean
}

private const val TURN = 45
private const val CIRCLE = 360
private const val ASLANT = 8.0

/** The search of a whole picture. [looks]: at squares of it, of both sizes. One thread at a time. */
internal class FarSearch(private val looks: Looks, private val settings: YuNetSettings) : Search {
    private val rules = settings.far

    /** The faces of an image, highest score first. */
    fun search(frame: Frame): List<Detection> = found(frame, whole = true)

    override fun glance(frame: Frame): List<Detection> = found(frame, whole = false)

    override fun near(frame: Frame): List<Detection> = looks.near.detect(frame, settings.scoreThreshold)

    override fun lookAgain(frame: Frame, face: Detection): Detection? {
        val turn = floor(line(face) + 0.5).toInt().mod(CIRCLE)
        return confirmed(frame, proposal(face), turn, settings.scoreThreshold)
    }

    override fun overlapping(face: Detection, faces: List<Detection>): List<Detection> =
        faces.filter { isTaken(face.box, listOf(it)) }

    override fun isConfirmed(face: Detection): Boolean = face.score >= rules.confirmThreshold

    /**
     * What near finds, faces of less than sureScore as a closer look sees them, highest score first: near takes a face
     * that lies on its side for an upright one, a closer look tells which way up it is.
     */
    fun closely(frame: Frame): List<Detection> {
        val first = near(frame)
        val (sure, unsure) = first.partition { it.score >= rules.sureScore }
        val faces = ArrayList(sure)
        add(frame, faces, unsure.map(::proposal))
        return with(first, faces)
    }

    private fun found(frame: Frame, whole: Boolean): List<Detection> {
        val first = looks.near.detect(frame, rules.proposalThreshold)
        val (sure, unsure) = first.partition { it.score >= rules.sureScore }
        val faces = ArrayList(sure)
        val parts = if (whole) looks.parts(frame) else emptyList()
        add(frame, faces, unsure.map(::proposal) + looks.whole(frame, whole) + parts)
        if (whole && faces.isEmpty()) add(frame, faces, looks.slanting(frame))
        return with(first, faces)
    }

    /** The faces, and those of the first look that overlap with none, highest score first. */
    private fun with(first: List<Detection>, faces: MutableList<Detection>): List<Detection> {
        for (face in first) {
            if (face.score >= settings.scoreThreshold && !isTaken(face.box, faces)) faces += face
        }
        return faces.sortedByDescending(Detection::score)
    }

    /** Adds to [faces] what closer looks make of the proposals. */
    private fun add(frame: Frame, faces: MutableList<Detection>, proposals: List<Proposal>) {
        var turned = 0
        for (proposal in proposals.sortedByDescending(Proposal::score).take(rules.mostProposals)) {
            val box = proposal.run { turnedBox(center, width, height, turn) }
            if (isTaken(box, faces)) continue
            var face = confirmed(frame, proposal, proposal.turn, rules.confirmThreshold)
            if ((face == null || face.score < rules.sureScore) && turned < rules.mostTurned) {
                turned++
                val others = (TURN until CIRCLE step TURN).map {
                    confirmed(frame, proposal, (proposal.turn + it) % CIRCLE, rules.confirmThreshold)
                }
                face = (listOf(face) + others).filterNotNull().maxByOrNull(Detection::score)
            }
            val straight = face?.let { straightened(frame, it) } ?: continue
            if (!isTaken(straight.box, faces)) faces += straight
        }
    }

    /** A face whose eyes lie aslant, as a look finds it in which they do not. */
    private fun straightened(frame: Frame, face: Detection): Detection {
        val aslant = (line(face) - face.turn + CIRCLE / 2).mod(CIRCLE.toDouble()) - CIRCLE / 2
        return if (abs(aslant) <= ASLANT) face else lookAgain(frame, face) ?: face
    }

    /** What a closer look at a proposal finds, turned back by [turn] degrees. */
    private fun confirmed(frame: Frame, proposal: Proposal, turn: Int, threshold: Double): Detection? {
        val side = rules.zoom * max(proposal.width, proposal.height)
        val view = Transform(proposal.center.x, proposal.center.y, side, Math.toRadians(turn.toDouble()))
        looks.show(looks.near, frame, view)
        val middle = looks.near.size / 2.0
        val found = looks.near.look(threshold).firstOrNull {
            abs(it.box.centerX - middle) <= middle / 2 && abs(it.box.centerY - middle) <= middle / 2
        }
        return found?.let { seen(it, view, turn) }
    }

    /** A face of a closer look's square in source pixels. */
    private fun seen(found: Candidate, view: Transform, turn: Int): Detection {
        val scale = view.side / looks.near.size
        fun placed(point: Point) = view.placed(point, looks.near.size)
        val center = placed(Point(found.box.centerX, found.box.centerY))
        val (width, height) = found.box.width * scale to found.box.height * scale
        val upright = turnedBox(center, width, height, 0)
        val box = if (turn == 0) upright else turnedBox(center, width, height, turn)
        val keypoints = settings.keypoints.zip(found.points.drop(2).map(::placed)).toMap()
        return Detection(box, found.score, keypoints, turn, upright)
    }

    private fun isTaken(box: Box, faces: List<Detection>) =
        faces.any { intersectionOverUnion(box, it.box) > settings.iouThreshold }
}

/** The angle of a face's eye line in degrees. */
private fun line(face: Detection) =
    Math.toDegrees(atan2(face.rightEye.y - face.leftEye.y, face.rightEye.x - face.leftEye.x))

private fun proposal(face: Detection) =
    face.uprightBox.run { Proposal(Point(centerX, centerY), width, height, face.score, face.turn) }
