package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Test

/** How a glance's steps are spread over a video's frames, and what comes of them; a fake stands in for the search. */
class GlanceTest {
    private val scene = waves()

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
}
