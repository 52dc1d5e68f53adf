/*
 * Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a closer
 * one. Twin of face_emotion/far.py, whose docstring defines every step.
 */
package org.faceemotionkit.core

import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.max
import kotlin.math.sin

private val LUMA = doubleArrayOf(0.299, 0.587, 0.114)
private const val CONFIRM_SAMPLES = 4
private const val QUARTER = 90
private const val TURN = 45

/** Where a look saw a face: centre in source pixels, the box's sides as the look saw it, score, turn in degrees. */
internal class Proposal(val center: Point, val width: Double, val height: Double, val score: Double, val turn: Int)

/** The search of a whole picture. [near], [far]: the networks of both sizes. One thread at a time. */
internal class FarSearch(
    private val near: YuNetPass,
    private val far: YuNetPass,
    private val settings: YuNetSettings,
) {
    private val rules = settings.far
    private val sampler = GreySampler(near.size, LUMA, CONFIRM_SAMPLES)

    /** The faces of an image, highest score first. */
    fun search(frame: Frame): List<Detection> {
        val first = near.detect(frame, rules.proposalThreshold)
        val (sure, unsure) = first.partition { it.score >= rules.sureScore }
        near.turn()
        val whole = Letterbox.of(frame.width, frame.height, near.size)
        val turned = proposals(near.look(rules.proposalThreshold), whole, near.size, QUARTER)
        val faces = ArrayList(sure)
        confirm(frame, unsure.map(::proposal) + turned + looks(frame), faces)
        for (face in first) {
            if (face.score >= settings.scoreThreshold && !isTaken(face.box, faces)) faces += face
        }
        return faces.sortedByDescending(Detection::score)
    }

    /** What the far network's looks propose. */
    private fun looks(frame: Frame): List<Proposal> {
        fun seen(place: Letterbox, turn: Int) = proposals(far.look(rules.proposalThreshold), place, far.size, turn)
        val whole = Letterbox.of(frame.width, frame.height, far.size)
        far.show(frame, whole)
        val upright = seen(whole, 0)
        far.turn()
        return upright + seen(whole, QUARTER) + parts(frame.width, frame.height, settings).flatMap { place ->
            far.show(frame, place)
            seen(place, 0)
        }
    }

    /** Adds to [faces] what closer looks make of the proposals. */
    private fun confirm(frame: Frame, proposals: List<Proposal>, faces: MutableList<Detection>) {
        var turned = 0
        for (proposal in proposals.sortedByDescending(Proposal::score).take(rules.mostProposals)) {
            val box = proposal.run { turnedBox(center, width, height, turn) }
            if (isTaken(box, faces)) continue
            var face = confirmed(frame, proposal, proposal.turn)
            if ((face == null || face.score < rules.sureScore) && turned < rules.mostTurned) {
                turned++
                val others = (TURN until 360 step TURN).map { confirmed(frame, proposal, (proposal.turn + it) % 360) }
                face = (listOf(face) + others).filterNotNull().maxByOrNull(Detection::score)
            }
            if (face != null && !isTaken(face.box, faces)) faces += face
        }
    }

    /** What a closer look at a proposal finds, turned back by [turn] degrees. */
    private fun confirmed(frame: Frame, proposal: Proposal, turn: Int): Detection? {
        val side = rules.zoom * max(proposal.width, proposal.height)
        val view = Transform(proposal.center.x, proposal.center.y, side, Math.toRadians(turn.toDouble()))
        near.show(sampler.sample(frame, view))
        val middle = near.size / 2.0
        val found = near.look(rules.confirmThreshold).firstOrNull {
            abs(it.box.centerX - middle) <= middle / 2 && abs(it.box.centerY - middle) <= middle / 2
        }
        return found?.let { seen(it, view, turn) }
    }

    /** A face of a closer look's square in source pixels. */
    private fun seen(found: Candidate, view: Transform, turn: Int): Detection {
        val scale = view.side / near.size
        fun placed(point: Point): Point {
            val x = (point.x - near.size / 2.0) * scale
            val y = (point.y - near.size / 2.0) * scale
            return Point(
                view.centerX + x * cos(view.angle) - y * sin(view.angle),
                view.centerY + x * sin(view.angle) + y * cos(view.angle),
            )
        }
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

private fun proposal(face: Detection) = face.box.run { Proposal(Point(centerX, centerY), width, height, face.score, 0) }

/** A look's faces as proposals; [turn]: 0 or 90 degrees by which the square of [size] pixels had been turned back. */
private fun proposals(found: List<Candidate>, place: Letterbox, size: Int, turn: Int) = found.map { face ->
    val box = face.box
    val center = if (turn == 0) Point(box.centerX, box.centerY) else Point(size - box.centerY, box.centerX)
    Proposal(place.toSource(center), box.width / place.scale, box.height / place.scale, face.score, turn)
}
