package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.math.cos
import kotlin.math.sin

/** When a video's frames are followed, looked and glanced at, and what is held on to; a fake stands in for the search. */
class LiveTest {
    private val flat = grey(320, 240) { _, _ -> 90.0 }
    private val scene = waves()

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
        val found = Told().let { it.calls(LiveSearch(it), scene, 0.0, 0.04, 0.5, 0.99, 1.0, 1.9, 2.0) }
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
