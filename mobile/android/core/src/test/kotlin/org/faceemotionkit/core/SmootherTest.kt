package org.faceemotionkit.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test

class SmootherTest {
    private val smoothing = Smoothing(timeConstant = 0.5, switchMargin = 0.1, resetAfter = 1.0)
    private val quick = Smoothing(timeConstant = 1e-9, switchMargin = 0.1, resetAfter = 1.0)

    private fun Smoother.update(time: Double, vararg probabilities: Double, track: Int = 1) =
        update(track, probabilities, time)

    /** The labels that one class of two, at these shares, gives in turn. */
    private fun shown(smoothing: Smoothing, vararg shares: Double): List<Int> {
        val smoother = Smoother(smoothing)
        return shares.mapIndexed { frame, share -> smoother.update(frame / 100.0, share, 1 - share).label }
    }

    @Test
    fun `after one time constant a new expression has 63 per cent of the weight, at once none`() {
        val smoother = Smoother(smoothing)
        val first = smoother.update(10.0, 0.25, 0.5, 0.25)
        assertArrayEquals(doubleArrayOf(0.25, 0.5, 0.25), first.probabilities, 0.0)
        assertEquals(1, first.label)
        smoother.update(10.0, 1.0, 0.0, track = 2)
        repeat(2) {
            val next = smoother.update(10.5, 0.0, 1.0, track = 2)
            assertArrayEquals(doubleArrayOf(0.36787944117, 0.63212055883), next.probabilities, 1e-9)
        }
    }

    @Test
    fun `a label changes only where another leads by more than the margin`() {
        assertEquals(listOf(0, 0, 0, 1, 1, 1, 0), shown(quick, 0.6, 0.48, 0.46, 0.44, 0.48, 0.54, 0.56))
        val quarter = Smoothing(quick.timeConstant, 0.25, quick.resetAfter)
        assertEquals("a lead of the margin is none", listOf(0, 0, 1), shown(quarter, 0.5, 0.375, 0.25))
    }

    @Test
    fun `of equal classes the first counts, and a tie changes nothing`() {
        val smoother = Smoother(Smoothing(1e-9, 0.0, 1.0))
        assertEquals(2, smoother.update(0.0, 0.3, 0.3, 0.4).label)
        assertEquals(2, smoother.update(0.1, 0.4, 0.2, 0.4).label)
        assertEquals(0, smoother.update(0.1, 0.4, 0.2, 0.4, track = 2).label)
        assertEquals(listOf(0, 1), listOf(largest(doubleArrayOf(5.0, 5.0)), largest(doubleArrayOf(1.0, 3.0, 3.0))))
    }

    @Test
    fun `an absence beyond the limit, or a step back in time, begins anew`() {
        for ((time, anew) in listOf(1.0 to false, 1.01 to true, -0.01 to true)) {
            val smoother = Smoother(smoothing)
            smoother.update(0.0, 1.0, 0.0)
            val (none, all) = smoother.update(time, 0.0, 1.0).probabilities.toList()
            assertEquals("$time s", anew, none == 0.0 && all == 1.0)
        }
    }

    @Test
    fun `a track that is left for too long is forgotten while another goes on`() {
        val smoother = Smoother(smoothing)
        smoother.update(0.0, 1.0, 0.0)
        smoother.update(1.5, 1.0, 0.0, track = 2)
        // It could only begin anew: its classes may be others.
        assertArrayEquals(doubleArrayOf(0.0, 0.0, 1.0), smoother.update(1.6, 0.0, 0.0, 1.0).probabilities, 0.0)
        assertThrows(IllegalArgumentException::class.java) { smoother.update(2.5, 0.0, 0.0, 1.0, track = 2) }
    }
}
