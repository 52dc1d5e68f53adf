package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import kotlin.math.cos
import kotlin.math.sin

/** When a video's frames are followed, looked and glanced at, and what is held on to; a fake stands in for the search. */
class LiveTest {
    /**
     * Finds what it is told, and keeps what it was asked: "glance" for the first look of one, all of them in steps.
     * [glanced]: what a glance's last look proposes and closer looks confirm; [again]: by the whole x of a face's middle.
     */
    private class Told(var near: List<Detection> = emptyList(), var glanced: List<Detection> = near) : Search {
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

    private fun grey(width: Int, height: Int, level: (Int, Int) -> Double): YuvFrame {
        val chroma = Plane(ByteBuffer.wrap(ByteArray(width * height) { -128 }), width, 1)
        val bytes = ByteArray(width * height) { level(it % width, it / width).toInt().toByte() }
        return YuvFrame().apply {
            load(width, height, listOf(Plane(ByteBuffer.wrap(bytes), width, 1), chroma, chroma), 0)
        }
    }

    /** A picture in which every face can be followed, moved to the right; [scene]: another number is another picture. */
    private fun waves(right: Double = 0.0, width: Int = 320, height: Int = 240, scene: Double = 1.0) =
        grey(width, height) { column, y ->
            val x = (column - right) * scene
            128 + 50 * sin(x / 5) * cos(y / 6.0) + 40 * sin((x + 2 * y) / 13) + 20 * cos((x - y) / 4)
        }

    private val flat = grey(320, 240) { _, _ -> 90.0 }
    private val scene = waves()

    private fun face(x: Double, score: Double = 0.9, turn: Int = 0, side: Double = 40.0, y: Double = 100.0): Detection {
        val eyes = mapOf(
            "right_eye" to Point(x - side / 5, y - side / 5),
            "left_eye" to Point(x + side / 5, y - side / 5),
        )
        return Detection(turnedBox(Point(x, y), side, side, 0), score, eyes, turn)
    }

    private fun centers(faces: List<Detection>) = faces.map { Math.round(it.box.centerX).toInt() }

    @Test
    fun `a face is followed between two looks, and looked for every half second or as is said`() {
        val times = doubleArrayOf(0.0, 0.1, 0.49, 0.5, 0.6, 1.0, 1.5, 2.0)
        for ((every, expected) in listOf(
            null to listOf("near glance", "", "", "near", "", "near", "near", "near glance"),
            1.0 to listOf("near glance", "", "", "", "", "near", "", "near glance"),
            0.0 to listOf("near glance") + List(6) { "near" } + "near glance",
        )) {
            val search = Told(listOf(face(150.0)))
            val live = every?.let { LiveSearch(search, it) } ?: LiveSearch(search)
            assertEquals("$every", expected, search.calls(live, scene, *times))
        }
    }

    @Test
    fun `a face that is followed moves with its pixels, until it is looked for`() {
        val search = Told(listOf(face(150.0), face(60.0, 0.8)))
        val live = LiveSearch(search)
        assertEquals(listOf(150, 60), centers(live.faces(scene, 0.0)))
        for (frame in 1..4) {
            val moved = listOf(150 + 2 * frame, 60 + 2 * frame)
            assertEquals(moved, centers(live.faces(waves(2.0 * frame), frame / 10.0)))
        }
        assertEquals(listOf("near", "glance"), search.asked)
        search.near = listOf(face(161.0, 0.7), face(71.0, 0.95))
        assertEquals("surest first", listOf(71, 161), centers(live.faces(waves(10.0), 0.5)))
    }

    @Test
    fun `a face that may be none is looked at again in the next frame`() {
        val search = Told(listOf(face(150.0), face(60.0, 0.74)))
        val live = LiveSearch(search)
        live.faces(scene, 0.0)
        search.near = listOf(face(150.0))
        assertEquals(listOf("near again", ""), search.calls(live, scene, 0.04, 0.08))
    }

    @Test
    fun `without a face each frame is looked at, and glanced at every second`() {
        val found = Told().let { it.calls(LiveSearch(it), scene, 0.0, 0.04, 0.5, 0.99, 1.0, 1.04, 2.0) }
        assertEquals(listOf("near glance", "near", "near", "near", "near glance", "near", "near glance"), found)
    }

    @Test
    fun `a face that is lost is looked for at once, where it was and everywhere`() {
        val search = Told(listOf(face(150.0)))
        val live = LiveSearch(search)
        live.faces(scene, 0.0)
        search.near = emptyList()
        search.glanced = emptyList()
        assertEquals("a cut", listOf("near again glance"), search.calls(live, flat, 0.04))
        assertEquals(listOf("near"), search.calls(live, flat, 0.08))
        search.near = listOf(face(150.0))
        search.glanced = search.near
        assertEquals("another scene", listOf("near", ""), search.calls(live, scene, 1.2, 1.24))
        assertEquals("cut to one with a face elsewhere", listOf("near"), search.calls(live, waves(scene = 3.0), 1.28))
    }

    @Test
    fun `one of two that is lost has the frame looked at, the other where it has been followed to`() {
        val search = Told(listOf(face(80.0), face(240.0, 0.8)))
        val live = LiveSearch(search)
        live.faces(scene, 0.0)
        val covered = grey(320, 240) { x, y ->
            if (x <
                160
            ) {
                90.0
            } else {
                128 + 50 * sin((x - 3) / 5.0) * cos(y / 6.0) + 40 * sin((x - 3 + 2 * y) / 13.0) +
                    20 * cos((x - 3 - y) / 4.0)
            }
        }
        search.near = emptyList()
        val places = ArrayList<Long>()
        search.again = {
            places += it
            if (it == 243L) face(244.0) else null
        }
        assertEquals(listOf(244), centers(live.faces(covered, 0.04)))
        assertEquals(listOf(80L, 243L), places)
    }

    @Test
    fun `time that stands still is followed, time that goes back is another beginning`() {
        val search = Told(listOf(face(150.0)))
        val live = LiveSearch(search)
        assertEquals(listOf("near glance", "", ""), search.calls(live, scene, 5.0, 5.0, 5.0))
        assertEquals("followed on", listOf("", "near glance"), search.calls(live, scene, 5.3, 5.1))
        assertEquals(listOf("near glance", ""), search.calls(live, scene, 4.9, 5.0))
    }

    @Test
    fun `another size is another beginning, and so is a turn by a quarter`() {
        val search = Told(listOf(face(150.0)))
        val live = LiveSearch(search)
        live.faces(scene, 0.0)
        search.near = emptyList()
        search.glanced = emptyList()
        for ((time, frame) in listOf(0.04 to waves(width = 240, height = 320), 0.08 to waves(width = 1, height = 1))) {
            assertEquals("nothing is held on to", listOf("near glance"), search.calls(live, frame, time))
        }
        search.near = listOf(face(29_000.0, y = 20.0))
        val wide = waves(width = 30_000, height = 40)
        assertEquals(listOf("near glance", ""), search.calls(live, wide, 0.12, 0.16))
        search.near = listOf(face(0.5, y = 0.5))
        assertEquals(
            "one pixel is flat",
            listOf("near glance", "near"),
            search.calls(live, waves(width = 1, height = 1), 0.2, 0.24),
        )
    }

    @Test
    fun `a flat face, and more than sixteen, are looked for in each frame`() {
        val flatOne = Told(listOf(face(150.0)))
        assertEquals(listOf("near glance", "near", "near"), flatOne.calls(LiveSearch(flatOne), flat, 0.0, 0.1, 0.2))
        for ((count, expected) in listOf(16 to "", 17 to "near")) {
            val crowd = Told(List(count) { face(20.0 + it % 6 * 50, y = 30.0 + it / 6 * 60) })
            assertEquals("$count", listOf("near glance", expected), crowd.calls(LiveSearch(crowd), scene, 0.0, 0.1))
        }
    }

    @Test
    fun `faces that come to overlap have the frame looked at`() {
        val search = Told(listOf(face(100.0), face(110.0, 0.8)), emptyList())
        assertEquals(listOf("near glance", "near"), search.calls(LiveSearch(search), scene, 0.0, 0.04))
    }

    @Test
    fun `at most thirty-two faces are looked for where they were`() {
        val search = Told(List(40) { face(20.0 + it % 8 * 40, y = 20.0 + it / 8 * 45) })
        val live = LiveSearch(search)
        live.faces(scene, 0.0)
        search.near = emptyList()
        live.faces(scene, 0.1)
        assertEquals(32, search.asked.count { it == "again" })
    }

    @Test
    fun `a glance takes a step a frame, or as many as frames are tenths of a second apart`() {
        val search = Told(listOf(face(50.0)), listOf(face(100.0), face(150.0)))
        val live = LiveSearch(search, 0.0)
        val steps = listOf(0.0, 0.9, 1.8, 2.05, 2.11, 2.42, 2.45, 4.5).map { time ->
            search.steps.clear()
            live.faces(scene, time)
            search.steps.joinToString()
        }
        val whole = "look 0, look 1, look 2, look 3, look 4, closer 100 turned, closer 150 turned"
        val apart = listOf("look 0, look 1", "look 2", "look 3, look 4, closer 100 turned", "closer 150 turned")
        assertEquals(listOf(whole, "", "") + apart + whole, steps)
    }

    @Test
    fun `a glance that no frame went on with for a second is dropped`() {
        val search = Told(listOf(face(50.0)))
        val live = LiveSearch(search, 0.0)
        search.calls(live, scene, 0.0, 0.9, 1.8, 2.05)
        search.steps.clear()
        live.faces(scene, 3.1)
        assertEquals(emptyList<String>(), search.steps)
    }

    @Test
    fun `a glance looks closer at the surest first, at few at every angle and at no sure face twice`() {
        val far = listOf(100.0 to 0.76, 52.0 to 0.9, 150.0 to 0.8, 200.0 to 0.78, 251.0 to 0.95)
        val search = Told(listOf(face(50.0), face(250.0, 0.7)), far.map { (x, score) -> face(x, score) })
        val found = LiveSearch(search).faces(scene, 0.0)
        val closer = listOf("closer 251 turned", "closer 150 turned", "closer 200 turned", "closer 100")
        assertEquals(closer, search.steps.drop(5))
        assertEquals(listOf(251, 50, 150, 200, 100), centers(found))
    }

    @Test
    fun `a face that a glance finds joins those that are followed`() {
        val search = Told(listOf(face(80.0)))
        val live = LiveSearch(search, 2.0)
        for (tenth in 0 until 20) live.faces(scene, tenth / 10.0)
        search.glanced = listOf(face(230.0, 0.8))
        for (frame in 0 until 5) {
            val found = live.faces(waves(frame.toDouble()), 2 + frame / 25.0)
            assertEquals(listOf(80 + frame), centers(found))
        }
        assertEquals(listOf(85, 230), centers(live.faces(waves(5.0), 2.2)))
        assertEquals(listOf(88, 233), centers(live.faces(waves(8.0), 2.24)))
    }

    @Test
    fun `what only the glance sees is held on to as long as it is there`() {
        val search = Told(listOf(face(50.0)), listOf(face(50.0), face(200.0, 0.8)))
        search.again = { if (it == 200L) face(204.0, 0.7) else null }
        val live = LiveSearch(search, 0.0)
        assertEquals(listOf(50, 200), centers(live.faces(scene, 0.0)))
        assertEquals(listOf(50, 204), centers(live.faces(scene, 0.1)))
        assertEquals(listOf("near", "glance", "near", "again"), search.asked)
        assertEquals("nothing is at 204 any more", listOf(50), centers(live.faces(scene, 0.2)))
    }

    @Test
    fun `a turned face is looked for though near sees one there, and the surer one counts`() {
        val search = Told(listOf(face(50.0, 0.7)), listOf(face(50.0, 0.92, 180)))
        search.again = { if (it == 50L) face(52.0, 0.91, 180) else face(52.0, 0.9, 180) }
        val live = LiveSearch(search, 0.0)
        assertEquals(180, live.faces(scene, 0.0).single().turn)
        assertEquals(listOf(0.91, 180), live.faces(scene, 0.1).single().run { listOf(score, turn) })
        search.near = listOf(face(52.0, 0.9))
        assertEquals("as sure: upright", 0, live.faces(scene, 0.2).single().turn)
    }

    @Test
    fun `an hour leaves nothing behind, with a face and without one`() {
        for ((name, faces) in mapOf("nobody" to emptyList(), "a face" to listOf(face(40.0, side = 20.0, y = 30.0)))) {
            val search = Told(faces)
            val live = LiveSearch(search)
            val frames = List(2) { waves(it.toDouble(), 80, 60) }
            var looks = 0
            fun minutes(range: IntRange) {
                for (frame in range.first * 1500 until range.last * 1500) {
                    live.faces(frames[frame % 2], frame / 25.0)
                    looks += search.asked.count { it == "near" }
                    search.asked.clear()
                }
                System.gc()
            }
            fun used() = Runtime.getRuntime().run { totalMemory() - freeMemory() }
            minutes(0..2)
            val before = used()
            minutes(2..60)
            assertTrue("$name: ${used() - before} bytes", used() - before < 4_000_000)
            assertEquals(name, if (faces.isEmpty()) 90_000 else 6924, looks)
        }
    }

    @Test
    fun `seconds that are none are refused in one line`() {
        for (seconds in listOf(-0.1, Double.NaN, Double.POSITIVE_INFINITY)) {
            val error = assertThrows(IllegalArgumentException::class.java) { requireLookEvery(seconds) }
            assertEquals("lookEvery $seconds: 0 or more seconds are expected", error.message)
        }
        requireLookEvery(0.0)
    }
}
