package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.math.hypot

class TrackerTest {
    /** A square box around ([x], [y]). */
    private fun box(x: Double, y: Double = 100.0, side: Double = 80.0) =
        Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)

    private fun Tracker.at(time: Double, vararg places: Double) = update(places.map { box(it) }, time)

    @Test
    fun `what a match costs, the gap and what boxes do not share`() {
        assertEquals(0.0, matchCost(box(100.0), box(100.0)), 0.0)
        // Half a width away, a third of the joint area shared.
        assertEquals(0.5 + 1 - 1 / 3.0, matchCost(box(100.0), box(140.0)), 1e-12)
        assertEquals(hypot(0.5, 0.75) + 1 - 800 / 12_000.0, matchCost(box(100.0), box(140.0, 160.0)), 1e-12)
        assertTrue(matchCost(box(100.0), box(179.9)) < 1000)
        assertEquals(1000.0, matchCost(box(100.0), box(180.0)), 0.0)
        assertTrue(matchCost(box(100.0), box(100.0, side = 159.0)) < 1000)
        assertEquals(1000.0, matchCost(box(100.0), box(100.0, side = 160.0)), 0.0)
        assertEquals(1000.0, matchCost(box(100.0, side = 160.0), box(100.0)), 0.0)
    }

    @Test
    fun `an absence of up to the limit is bridged, a stall of up to three times as long`() {
        val tracker = Tracker(1.0)
        assertEquals(listOf(1, 2), tracker.at(0.0, 100.0, 300.0))
        assertEquals(listOf(2), tracker.at(0.5, 300.0))
        assertEquals(listOf(1, 2), tracker.at(1.0, 100.0, 300.0))
        assertEquals(listOf(2), tracker.at(1.5, 300.0))
        assertEquals(listOf(3, 2), tracker.at(2.25, 100.0, 300.0))
        assertEquals(listOf(3, 2), tracker.at(5.25, 100.0, 300.0))
        assertEquals(listOf(4, 5), tracker.at(8.5, 100.0, 300.0))
    }

    @Test
    fun `as many as possible are matched, even where one pair would cost less`() {
        val tracker = Tracker(1.0)
        tracker.at(0.0, 100.0, 200.0)
        assertEquals("155 is nearer to 200", listOf(1, 2), tracker.at(0.1, 155.0, 255.0))
    }

    @Test
    fun `time that goes back is another scene, and no number is used twice`() {
        val tracker = Tracker(1.0)
        assertEquals(listOf(1, 1, 2, 2, 3), listOf(7.0, 7.0, 6.9, 7.0, 20.0).map { tracker.at(it, 100.0).single() })
    }
}
