/*
 * Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a closer
 * one. Twin of face_emotion/far.py, whose docstring defines every step; the looks are in Looks.kt.
 */
@file:JvmName("-FarSearch")

package org.faceemotionkit.core

import kotlin.math.abs
import kotlin.math.atan2
import kotlin.math.floor
import kotlin.math.max

private const val TURN = 45
private const val CIRCLE = 360
private const val ASLANT = 8.0

/** The search of a whole picture. [looks]: at squares of it, of both sizes. One thread at a time. */
internal class FarSearch(private val looks: Looks, private val settings: YuNetSettings) : Search {
    private val rules = settings.far

    override val mostTurned: Int get() = rules.mostTurned

    /** The faces of an image, highest score first. */
    fun search(frame: Frame): List<Detection> {
        val first = looks.near.detect(frame, rules.proposalThreshold)
        val (sure, unsure) = first.partition(::isSure)
        val faces = ArrayList(sure)
        add(frame, faces, unsure.map(::proposal) + looks.whole(frame) + looks.parts(frame))
        if (faces.isEmpty()) add(frame, faces, looks.slanting(frame))
        return with(first, faces)
    }

    override fun glance(frame: Frame, number: Int): List<Proposal> = looks.glance(frame, number)

    override fun closer(frame: Frame, proposal: Proposal, mayTurn: Boolean): Closer {
        fun at(turn: Int) = confirmed(frame, proposal, (proposal.turn + turn) % CIRCLE, rules.confirmThreshold)
        val straight = at(0)
        val turned = mayTurn && !(straight != null && isSure(straight))
        val others = if (turned) (TURN until CIRCLE step TURN).map(::at) else emptyList()
        val face = (listOf(straight) + others).filterNotNull().maxByOrNull(Detection::score)
        return Closer(face?.let { straightened(frame, it) }, turned)
    }

    override fun isSure(face: Detection): Boolean = face.score >= rules.sureScore

    override fun near(frame: Frame): List<Detection> = looks.near.detect(frame, settings.scoreThreshold)

    override fun lookAgain(frame: Frame, face: Detection): Detection? {
        val turn = floor(line(face) + 0.5).toInt().mod(CIRCLE)
        return confirmed(frame, proposal(face), turn, settings.scoreThreshold)
    }

    override fun overlapping(box: Box, faces: List<Detection>): List<Detection> =
        faces.filter { intersectionOverUnion(box, it.box) > settings.iouThreshold }

    override fun isConfirmed(face: Detection): Boolean = face.score >= rules.confirmThreshold

    /**
     * What near finds, faces that are not sure as a closer look sees them, highest score first: near takes a face
     * that lies on its side for an upright one, a closer look tells which way up it is.
     */
    fun closely(frame: Frame): List<Detection> {
        val first = near(frame)
        val (sure, unsure) = first.partition(::isSure)
        val faces = ArrayList(sure)
        add(frame, faces, unsure.map(::proposal))
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
        var left = mostTurned
        for (proposal in proposals.surest(rules.mostProposals)) {
            if (isTaken(proposal.box, faces)) continue
            val (face, turned) = closer(frame, proposal, left > 0)
            if (turned) left--
            if (face != null && !isTaken(face.box, faces)) faces += face
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

    private fun isTaken(box: Box, faces: List<Detection>) = overlapping(box, faces).isNotEmpty()
}

/** The angle of a face's eye line in degrees. */
private fun line(face: Detection) =
    Math.toDegrees(atan2(face.rightEye.y - face.leftEye.y, face.rightEye.x - face.leftEye.x))

private fun proposal(face: Detection) =
    face.uprightBox.run { Proposal(Point(centerX, centerY), width, height, face.score, face.turn) }
