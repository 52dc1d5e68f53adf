/*
 * What looks at a picture propose: the whole of it, as it is and turned back, and its parts. Twin of the looks in
 * face_emotion/far.py, whose docstring defines every step.
 */
@file:JvmName("-Looks")

package org.faceemotionkit.core

import kotlin.math.cos
import kotlin.math.max
import kotlin.math.sin
import kotlin.math.sqrt

private const val MOST_SAMPLES = 4
private const val QUARTER = 90
private const val HALF_QUARTER = 45

/** Degrees by which a glance's looks at a whole frame are turned back; the last is of the network for far. */
internal val GLANCES: List<Int> = listOf(0, QUARTER, 2 * QUARTER, 3 * QUARTER, 0)

/** Where a look saw a face: centre in source pixels, the box's sides as the look saw it, score, turn in degrees. */
internal class Proposal(val center: Point, val width: Double, val height: Double, val score: Double, val turn: Int) {
    /** The box in source pixels. */
    val box: Box get() = turnedBox(center, width, height, turn)
}

/** At most [most] proposals, highest score first, equal ones in their order. */
internal fun List<Proposal>.surest(most: Int): List<Proposal> = sortedByDescending(Proposal::score).take(most)

/** The looks of both networks. [openFar]: gives that for far, which is asked for when it is needed. */
internal class Looks(val near: YuNetPass, openFar: () -> YuNetPass, private val settings: YuNetSettings) {
    private val far by lazy(LazyThreadSafetyMode.NONE, openFar)
    private val threshold = settings.far.proposalThreshold
    private val samplers = HashMap<Int, GreySampler>()

    /** The looks at the whole image, but for the first. */
    fun whole(frame: Frame): List<Proposal> =
        quarters(near, frame, first = 1, last = 3) + quarters(far, frame, first = 0, last = 1)

    /** One look at the whole image, turned back by GLANCES[[number]]. */
    fun glance(frame: Frame, number: Int): List<Proposal> {
        val quarters = GLANCES[number] / QUARTER
        return quarters(if (number < GLANCES.size - 1) near else far, frame, first = quarters, last = quarters)
    }

    /** The looks at the image's parts. */
    fun parts(frame: Frame): List<Proposal> = parts(frame.width, frame.height, settings).flatMap { place ->
        far.show(frame, place)
        proposals(far, viewOf(place, far.size), 0)
    }

    /** The looks at the whole image turned back by 45 and by 135 degrees. */
    fun slanting(frame: Frame): List<Proposal> = listOf(near, far).flatMap { pass ->
        listOf(HALF_QUARTER, QUARTER + HALF_QUARTER).flatMap { turn ->
            val view = wholeView(frame, (frame.width + frame.height) / sqrt(2.0), turn)
            show(pass, frame, view)
            proposals(pass, view, turn)
        }
    }

    /** Shows a network a square of an image in grey. */
    fun show(pass: YuNetPass, frame: Frame, view: Transform) {
        val sampler = samplers.getOrPut(pass.size) { GreySampler(pass.size, BT601, MOST_SAMPLES) }
        pass.show(sampler.sample(frame, view))
    }

    /** Looks at the whole image turned back by [first] to [last] quarters. */
    private fun quarters(pass: YuNetPass, frame: Frame, first: Int, last: Int): List<Proposal> {
        pass.show(frame, Letterbox.of(frame.width, frame.height, pass.size))
        return (0..last).flatMap { quarter ->
            if (quarter > 0) pass.turn()
            val view = wholeView(frame, max(frame.width, frame.height).toDouble(), QUARTER * quarter)
            if (quarter < first) emptyList() else proposals(pass, view, QUARTER * quarter)
        }
    }

    /** What a network sees in what it is shown, as proposals. */
    private fun proposals(pass: YuNetPass, view: Transform, turn: Int) = pass.look(threshold).map { face ->
        val scale = view.side / pass.size
        val center = view.placed(Point(face.box.centerX, face.box.centerY), pass.size)
        Proposal(center, face.box.width * scale, face.box.height * scale, face.score, turn)
    }
}

/** A point of a square of [size] pixels, in its pixels, in source pixels. */
internal fun Transform.placed(point: Point, size: Int): Point {
    val x = (point.x - size / 2.0) * (side / size)
    val y = (point.y - size / 2.0) * (side / size)
    return Point(centerX + x * cos(angle) - y * sin(angle), centerY + x * sin(angle) + y * cos(angle))
}

private fun wholeView(frame: Frame, side: Double, turn: Int) =
    Transform(frame.width / 2.0, frame.height / 2.0, side, Math.toRadians(turn.toDouble()))

/** The square of a place in source pixels. */
private fun viewOf(place: Letterbox, size: Int): Transform {
    val side = size / place.scale
    return Transform(side / 2 - place.left / place.scale, side / 2 - place.top / place.scale, side, 0.0)
}
