package org.faceemotionkit.core

import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.vectors
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class SequenceTest {
    private val golden = released("golden_sequence.json")
    private val smoothing = golden.getJSONObject("smoothing").run {
        Smoothing(getDouble("time_constant"), getDouble("switch_margin"), getDouble("reset_after"))
    }

    @Test
    fun `tracks, smoothed probabilities and labels of the golden sequence are Python's`() {
        val tolerance = golden.getJSONObject("tolerance").getDouble("probability")
        val tracker = Tracker(smoothing.resetAfter)
        val smoother = Smoother(smoothing)
        val frames = golden.getJSONArray("frames").objects()
        assertTrue(frames.size > 20)
        for ((index, frame) in frames.withIndex()) {
            val time = frame.getDouble("time")
            val tracks = tracker.update(frame.getJSONArray("boxes").lists().map { it.box() }, time)
            assertEquals("frame $index", whole(frame, "tracks"), tracks)
            val observed = frame.getJSONArray("probabilities").lists().map { it.numbers().toDoubleArray() }
            val smoothed = tracks.mapIndexed { face, track -> smoother.update(track, observed[face], time) }
            for ((face, expected) in frame.getJSONArray("smoothed").lists().withIndex()) {
                assertArrayEquals(expected.numbers().toDoubleArray(), smoothed[face].probabilities, tolerance)
            }
            assertEquals("frame $index", whole(frame, "labels"), smoothed.map { it.label })
        }
    }

    private fun whole(frame: JSONObject, name: String) = frame.getJSONArray(name).numbers().map(Double::toInt)

    @Test
    fun `assignments are Python's`() {
        val entries = vectors().getJSONArray("assignments").objects()
        assertTrue(entries.size > 50)
        for (entry in entries) {
            val columns = entry.getJSONArray("columns")
            val expected = List(columns.length()) { if (columns.isNull(it)) null else columns.getInt(it) }
            assertEquals(expected, assign(entry.getJSONArray("costs").lists().map { it.numbers() }))
        }
    }

    @Test
    fun `no assignment costs less`() {
        val random = java.util.Random(7)
        repeat(60) {
            val (rows, columns) = 1 + random.nextInt(4) to 1 + random.nextInt(4)
            val costs = List(rows) { List(columns) { random.nextInt(9).toDouble() } }
            val found = assign(costs)
            assertEquals(minOf(rows, columns), found.count { it != null })
            val total = found.withIndex().sumOf { (row, column) -> column?.let { costs[row][it] } ?: 0.0 }
            assertEquals(least(costs, 0, emptySet()), total, 1e-9)
        }
        assertEquals(emptyList<Int?>(), assign(emptyList()))
        assertEquals(listOf(null, null), assign(listOf(emptyList(), emptyList())))
    }

    /** The least total cost with as many pairs as possible, by trying all. */
    private fun least(costs: List<List<Double>>, row: Int, taken: Set<Int>): Double {
        if (row == costs.size) return 0.0
        val free = costs[row].indices - taken
        val spare = costs.size - row > costs[row].size - taken.size
        val tries = free.map { costs[row][it] + least(costs, row + 1, taken + it) }
        return (if (spare) tries + least(costs, row + 1, taken) else tries).min()
    }

    @Test
    fun `a frame that cannot be used changes nothing`() {
        val tracker = Tracker(1.0)
        val box = Box(0.0, 0.0, 10.0, 10.0)
        assertEquals(listOf(1), tracker.update(listOf(box), 1.0))
        val unusable = listOf(
            listOf(box) to Double.NaN,
            listOf(Box(0.0, 0.0, 0.0, 5.0)) to 1.1,
            listOf(Box(0.0, 0.0, Double.POSITIVE_INFINITY, 5.0)) to 1.1,
        )
        for ((boxes, time) in unusable) {
            assertThrows(IllegalArgumentException::class.java) { tracker.update(boxes, time) }
        }
        assertEquals(listOf(1), tracker.update(listOf(box), 1.2))
        assertEquals("a video wound back", listOf(2), tracker.update(listOf(box), 0.5))
        val smoother = Smoother(smoothing)
        assertThrows(IllegalArgumentException::class.java) { smoother.update(1, doubleArrayOf(0.5, 0.5), Double.NaN) }
        smoother.update(1, doubleArrayOf(0.5, 0.5), 1.0)
        assertThrows(IllegalArgumentException::class.java) { smoother.update(1, doubleArrayOf(1.0), 1.0) }
    }

    @Test
    fun `what is handed out is the caller's own`() {
        val smoother = Smoother(smoothing)
        smoother.update(1, doubleArrayOf(1.0, 0.0), 0.0).probabilities.fill(0.0)
        assertArrayEquals(doubleArrayOf(1.0, 0.0), smoother.update(1, doubleArrayOf(1.0, 0.0), 0.0).probabilities, 0.0)
    }
}
