/* What tests of a video's state are made of: frames, faces and a search that finds what it is told. */
package org.faceemotionkit.core

import java.nio.ByteBuffer
import kotlin.math.cos
import kotlin.math.sin

/**
 * Finds what it is told, and keeps what it was asked: "glance" for the first look of one, all of them in steps.
 * [glanced]: what a glance's last look proposes and closer looks confirm; [again]: by the whole x of a face's middle.
 */
internal class Told(var near: List<Detection> = emptyList(), var glanced: List<Detection> = near) : Search {
    val asked = ArrayList<String>()
    var again: (Long) -> Detection? = { null }

    override fun near(frame: Frame) = near.also { asked += "near" }

    val steps = ArrayList<String>()
    override val mostTurned = 2

    override fun glance(frame: Frame, number: Int): List<Proposal> {
        if (number == 0) asked += "glance"
        steps += "look $number"
        return if (number == 4) glanced.map { proposal(it) } else emptyList()
    }

    override fun closer(frame: Frame, proposal: Proposal, mayTurn: Boolean): Closer {
        steps += "closer ${proposal.center.x.toInt()}" + if (mayTurn) " turned" else ""
        val face = glanced.firstOrNull { it.box.centerX == proposal.center.x }
        return Closer(face, mayTurn && proposal.score < 0.88)
    }

    private fun proposal(face: Detection) = face.uprightBox.run {
        Proposal(Point(centerX, centerY), width, height, face.score, face.turn)
    }

    override fun isSure(face: Detection) = face.score >= 0.88

    override fun lookAgain(frame: Frame, face: Detection): Detection? {
        asked += "again"
        return again(Math.round(face.box.centerX))
    }

    override fun overlapping(box: Box, faces: List<Detection>) =
        faces.filter { intersectionOverUnion(box, it.box) > 0.3 }

    override fun isConfirmed(face: Detection) = face.score >= 0.75

    /** What each of several frames asks for, in one word for each frame. */
    fun calls(live: Live, frame: Frame, vararg times: Double) = times.map { time ->
        asked.clear()
        live.faces(frame, time)
        asked.joinToString(" ")
    }
}

internal fun grey(width: Int, height: Int, level: (Int, Int) -> Double): YuvFrame {
    val chroma = Plane(ByteBuffer.wrap(ByteArray(width * height) { -128 }), width, 1)
    val bytes = ByteArray(width * height) { level(it % width, it / width).toInt().toByte() }
    return YuvFrame().apply {
        load(width, height, listOf(Plane(ByteBuffer.wrap(bytes), width, 1), chroma, chroma), 0)
    }
}

/** A picture in which every face can be followed, moved to the right; [scene]: another number is another picture. */
internal fun waves(right: Double = 0.0, width: Int = 320, height: Int = 240, scene: Double = 1.0) =
    grey(width, height) { column, y ->
        val x = (column - right) * scene
        128 + 50 * sin(x / 5) * cos(y / 6.0) + 40 * sin((x + 2 * y) / 13) + 20 * cos((x - y) / 4)
    }

internal fun face(x: Double, score: Double = 0.9, turn: Int = 0, side: Double = 40.0, y: Double = 100.0): Detection {
    val eyes = mapOf(
        "right_eye" to Point(x - side / 5, y - side / 5),
        "left_eye" to Point(x + side / 5, y - side / 5),
    )
    return Detection(turnedBox(Point(x, y), side, side, 0), score, eyes, turn)
}

internal fun centers(faces: List<Detection>) = faces.map { Math.round(it.box.centerX).toInt() }
