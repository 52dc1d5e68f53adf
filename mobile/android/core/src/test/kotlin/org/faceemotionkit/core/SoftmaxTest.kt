package org.faceemotionkit.core

import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.released
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Test
import java.security.MessageDigest

class SoftmaxTest {
    @Test
    fun `the table is Python's`() {
        val table = exponentials()
        assertEquals(4096, table.size)
        val some = listOf(0, 1, 256, 2048, 4095).map { table[it] }
        assertEquals(listOf(16_777_216L, 16_711_808L, 6_171_993L, 5_628L, 2L), some)
        val digest = MessageDigest.getInstance("SHA-256").digest(table.joinToString(" ").toByteArray())
        // hashlib.sha256(" ".join(map(str, exponentials())).encode()).hexdigest() of face_emotion/softmax.py
        assertEquals(
            "5e6347c2106494b6fb1d7727abd0e1993ee05b89dead6982121c0ceba601be14",
            digest.joinToString("") { "%02x".format(it) },
        )
    }

    @Test
    fun `golden scores get the golden probabilities to the bit`() {
        for (name in RELEASED) {
            val golden = released("$name/golden.json").getJSONObject("softmax")
            val expected = golden.getJSONArray("probabilities").lists()
            val scores = golden.getJSONArray("scores").lists().map { row -> LongArray(row.length(), row::getLong) }
            assertEquals(4, scores.size)
            for ((index, row) in scores.withIndex()) {
                assertArrayEquals("$name, row $index", expected[index].floats(), probabilitiesOf(row), 0f)
            }
        }
    }

    @Test
    fun `scores far below the largest count as nothing`() {
        assertArrayEquals(floatArrayOf(1f, 0f), probabilitiesOf(longArrayOf(0, -4096)), 0f)
        assertArrayEquals(floatArrayOf(0f, 1f), probabilitiesOf(longArrayOf(-10_000_000_000, 5)), 0f)
        assertArrayEquals(floatArrayOf(0.25f, 0.25f, 0.25f, 0.25f), probabilitiesOf(LongArray(4) { -9L }), 0f)
    }

    @Test
    fun `a step weighs scale times weight, in 65536ths of a score, rounded to the nearest`() {
        val scale = 0.03706762194633484
        assertArrayEquals(longArrayOf(394_777, 294_092), multipliers(scale, doubleArrayOf(0.6348, 0.4729)))
        assertArrayEquals(longArrayOf(634_516, 0), multipliers(scale, doubleArrayOf(1.0203, 0.0)))
        assertArrayEquals(longArrayOf(2_796_203), multipliers(0.5, doubleArrayOf(1 / 3.0)))
        // More than an Int holds.
        assertArrayEquals(longArrayOf(16_777_216_000), multipliers(10.0, doubleArrayOf(100.0)))
    }

    @Test
    fun `heads are summed class by class, halves are rounded up, below zero as well`() {
        val steps = intArrayOf(14, -36, -26, -76, 169, -86)
        assertArrayEquals(longArrayOf(-257, 542, -543), scores(steps, longArrayOf(394_777, 294_092)))
        assertArrayEquals(longArrayOf(136, -349, -252), scores(steps, longArrayOf(634_516, 0)))
        assertArrayEquals(longArrayOf(-1, 0, 1), scores(intArrayOf(-2, -1, 1), longArrayOf(32_768)))
        assertArrayEquals(longArrayOf(65_280_000), scores(intArrayOf(255), longArrayOf(16_777_216_000)))
    }

    @Test
    fun `real logits of a float network are blended alike`() {
        val logits = floatArrayOf(1f, 2f, -1f, 0.5f, 0f, 3f)
        val blend = floatArrayOf(0.017792113f, 0.010791462f, 0.9714164f)
        assertArrayEquals(blend, realProbabilities(blendedLogits(logits, doubleArrayOf(0.5, 2.0))), 1e-7f)
        val second = floatArrayOf(0.07252145f, 0.04398648f, 0.88349205f)
        assertArrayEquals(second, realProbabilities(blendedLogits(logits, doubleArrayOf(0.0, 1.0))), 1e-7f)
        val far = realProbabilities(blendedLogits(floatArrayOf(1e30f, -1e30f), doubleArrayOf(1.0)))
        assertArrayEquals("no overflow", floatArrayOf(1f, 0f), far, 0f)
    }
}
