package org.faceemotionkit.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Test
import kotlin.math.ln

class SuppressionTest {
    /** A row: a box, and its centre as the one key point. */
    private fun row(score: Double, xMin: Double, yMin: Double, xMax: Double, yMax: Double) =
        Candidate(doubleArrayOf(xMin, yMin, xMax, yMax, (xMin + xMax) / 2, (yMin + yMax) / 2), score)

    private fun scores(threshold: Double, vararg rows: Candidate) =
        weightedSuppression(rows.toList(), threshold).map(Candidate::score)

    @Test
    fun `overlapping rows are one face at their weighted mean`() {
        val rows = listOf(row(0.2, 0.0, 0.0, 10.0, 10.0), row(0.6, 4.0, 0.0, 14.0, 10.0))
        val face = weightedSuppression(rows, 0.3).single()
        assertEquals(0.6, face.score, 0.0)
        assertArrayEquals(doubleArrayOf(3.0, 0.0, 13.0, 10.0, 8.0, 5.0), face.values, 1e-9)
    }

    @Test
    fun `faces come surest first, equal ones in their order, and a row joins the surest only`() {
        val apart = listOf(0.5, 0.7, 0.5, 0.9).mapIndexed { k, score ->
            row(score, 100.0 * k, 0.0, 100.0 * k + 10, 10.0)
        }
        val found = weightedSuppression(apart, 0.3)
        assertEquals(listOf(0.9, 0.7, 0.5, 0.5), found.map(Candidate::score))
        assertEquals(listOf(300.0, 100.0, 0.0, 200.0), found.map { it.box.xMin })
        // The middle one overlaps with both; the last does not overlap with the first.
        val chain = listOf(0.9, 0.6, 0.8).mapIndexed { k, score -> row(score, 5.0 * k, 0.0, 5.0 * k + 10, 10.0) }
        val both = weightedSuppression(chain, 0.3)
        assertEquals(listOf(0.9, 0.8), both.map(Candidate::score))
        assertArrayEquals(doubleArrayOf(2.0, 10.0), both.map { it.box.xMin }.toDoubleArray(), 1e-9)
    }

    @Test
    fun `an overlap at the threshold stays a face of its own`() {
        val rows = arrayOf(row(0.7, 0.0, 0.0, 1.0, 1.0), row(0.9, 0.0, 0.0, 0.5, 1.0)) // intersection over union: 0.5
        assertEquals(listOf(0.9, 0.7), scores(0.5, *rows))
        assertEquals(listOf(0.9), scores(0.49, *rows))
        val point = row(0.9, 3.0, 3.0, 3.0, 3.0)
        assertEquals("a box without area", listOf(0.9, 0.8), scores(0.3, point, row(0.8, 3.0, 3.0, 3.0, 3.0)))
        assertEquals(emptyList<Double>(), scores(0.3))
    }

    @Test
    fun `a row whose score is the threshold counts, one a trifle below does not`() {
        val raw = floatArrayOf(0f, 0f, 0.5f, 0.25f, 0f, ln(2f), 0f, 0f) // both chances are a half
        val face = decode(raw, cellsOf(listOf(8), 8), 0.5).single()
        assertEquals(0.5, face.score, 0.0)
        assertArrayEquals(doubleArrayOf(0.0, -6.0, 8.0, 10.0, 0.0, 0.0), face.values, 1e-6)
        assertEquals(0, decode(raw, cellsOf(listOf(8), 8), 0.5 + 1e-12).size)
    }

    @Test
    fun `logits and sizes are held to their bounds`() {
        fun decoded(vararg values: Float) = decode(values, cellsOf(listOf(8), 8), 0.0).single()
        assertEquals(1.9287498479639178e-22, decoded(-1e9f, 1e9f, 0f, 0f, 0f, 0f).score, 1e-31) // the root of exp(-100)
        assertEquals(1.0, decoded(1e9f, 1e9f, 0f, 0f, 0f, 0f).score, 0.0)
        val wide = decoded(0f, 0f, 0f, 0f, 90f, 0f).box
        assertEquals(listOf(-4.0, 4.0), listOf(wide.yMin, wide.yMax))
        assertEquals(1.9406607816391613e9, wide.xMax, 1.0) // 4 exp(20)
    }
}
