package org.faceemotionkit.core

import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.json.JSONArray
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class BaselineTest {
    private val labels = listOf("zebra", "neutral", "alpha")
    private val baseline = Baseline("abc", Head.VOTES, labels, listOf(-300, 0, 7))
    private val json = """{"format":1,"model":"abc","head":"votes","values":{"zebra":-300,"neutral":0,"alpha":7}}"""

    private fun whole(row: JSONArray) = row.numbers().map(Double::toLong).toLongArray()

    @Test
    fun `golden baselines are Python's to the bit`() {
        val cases = released("golden_baseline.json").getJSONArray("cases").objects()
        assertTrue(cases.size >= 12)
        for ((index, case) in cases.withIndex()) {
            val labels = case.getJSONArray("labels").texts()
            val weights = case.getJSONArray("weights").numbers().toDoubleArray()
            val multipliers = multipliers(case.getDouble("scale"), weights)
            val zeroPoint = case.getInt("zero_point")
            fun answers(name: String) = case.getJSONArray(name).lists().map { row ->
                WholeAnswer(scores(row.numbers().map { it.toInt() - zeroPoint }.toIntArray(), multipliers))
            }
            val values = learnt(answers("frames").map { it.scores() }, labels)
            assertEquals("case $index", whole(case.getJSONArray("values")).map(Long::toInt), values)
            val taken = offsets(values, case.getDouble("strength"))
            assertArrayEquals("case $index", whole(case.getJSONArray("offsets")), taken)
            val expected = case.getJSONArray("probabilities").lists().map(JSONArray::floats)
            for ((row, answer) in answers("logits").withIndex()) {
                val less = answer.scores().zip(taken.asList(), Long::minus).toLongArray()
                assertArrayEquals(whole(case.getJSONArray("scores").getJSONArray(row)), less)
                assertArrayEquals("case $index, row $row", expected[row], answer.probabilities(taken), 0f)
            }
        }
    }

    @Test
    fun `the median is taken class by class, and of an even number rounded down`() {
        fun row(vararg scores: Long) = scores
        val one = learnt(listOf(row(0, 0, 0)), labels)
        assertEquals("floor(256 ln(0.2 / 1.6) + 0.5) is -532", listOf(532, 0, 532), one)
        val two = learnt(listOf(row(-3, 0, 10), row(-4, 0, 13)), labels)
        assertEquals(listOf(532 - 4, 0, 532 + 11), two)
        val three = learnt(listOf(row(100, 90, 90), row(5, 0, -9), row(1000, 0, 4)), labels)
        assertEquals(listOf(532 + 10, 0, 532 + 0), three)
    }

    @Test
    fun `a float network's scores and offsets are the same in real numbers`() {
        val answer = RealAnswer(doubleArrayOf(1.0, -2.0, 0.501953125))
        assertArrayEquals(longArrayOf(256, -512, 129), answer.scores())
        val logits = doubleArrayOf(0.0, -2.0, 1.501953125)
        assertArrayEquals(realProbabilities(logits), answer.probabilities(longArrayOf(256, 0, -256)), 0f)
    }

    @Test
    fun `a network of format 1 answers as it is, but with a baseline through its logarithms`() {
        val shares = floatArrayOf(0.25f, 0.75f, 0f)
        val answer = SharesAnswer(shares)
        assertArrayEquals(longArrayOf(-355, -74, -1774), answer.scores())
        assertArrayEquals(shares, answer.probabilities(null), 0f)
        val expected = probabilitiesOf(longArrayOf(-355, -74 - 256, -1774))
        assertArrayEquals(expected, answer.probabilities(longArrayOf(0, 256, 0)), 0f)
    }

    @Test
    fun `a baseline outlives JSON, in the order of its labels`() {
        assertEquals(json, baseline.toJson())
        assertEquals(baseline, Baseline.fromJson(json))
        val indented = json.replace(",", ",\n    ").replace(":", " : ") + "\n"
        assertEquals(baseline, Baseline.fromJson(indented))
        val turned = """{"values": {"neutral": 0, "alpha": 7, "zebra": -300}, "head": "votes",
            "model": "abc", "format": 1}"""
        assertEquals(listOf("neutral", "alpha", "zebra"), Baseline.fromJson(turned).labels)
        val more = json.dropLast(1) + ""","note":[1,{"a":null}]}"""
        assertEquals(baseline, Baseline.fromJson(more))
        val largest = json.replace("-300", "${1 shl 20}")
        assertEquals(1 shl 20, Baseline.fromJson(largest).values[0])
    }

    @Test
    fun `whatever is no baseline is refused in one sentence`() {
        val refused = mapOf(
            "" to "not a JSON object",
            "[1]" to "not a JSON object",
            "{" to "not a JSON object",
            json.dropLast(1) to "not a JSON object",
            "$json}" to "not a JSON object",
            "{\"values\":".repeat(100_000) to "not a JSON object",
            "{\"values\":" + "[".repeat(100_000) to "not a JSON object",
            json.replace(",\"head\"", "\"head\"") to "not a JSON object",
            "{}" to "not of format 1",
            json.replace("format\":1", "format\":2") to "not of format 1",
            json.replace("\"abc\"", "5") to "model, head and values are expected",
            json.replace("votes", "vote") to "model, head and values are expected",
            json.replace(Regex("\\{\"zebra.*\\}\\}"), "[1,2]}") to "model, head and values are expected",
            json.replace("-300", "1.5") to "values: whole numbers are expected",
            json.replace("-300", "\"1\"") to "values: whole numbers are expected",
            json.replace("-300", "true") to "values: whole numbers are expected",
            json.replace("-300", "${(1 shl 20) + 1}") to "values: whole numbers are expected",
            json.replace("-300", "99999999999999") to "values: whole numbers are expected",
        )
        for ((text, reason) in refused) {
            val shown = text.take(200)
            val error = assertThrows(shown, BaselineException::class.java) { Baseline.fromJson(text) }
            assertEquals(shown, "Baseline: $reason; learn the neutral face again.", error.message)
        }
    }

    @Test
    fun `another model, head or other labels refuse it`() {
        val own = Answerer("abc", Head.VOTES, labels)
        assertArrayEquals(longArrayOf(-75, 0, 2), baseline.offsetsFor(own, 0.25))
        val others = mapOf(
            own.copy(model = "abd") to "model (abc where this one has abd)",
            own.copy(head = Head.BOTH) to "head (VOTES where this recognizer has BOTH)",
            own.copy(labels = labels.reversed()) to
                "set of labels ([zebra, neutral, alpha] where this recognizer has [alpha, neutral, zebra])",
        )
        for ((other, what) in others) {
            val error = assertThrows(BaselineException::class.java) { baseline.offsetsFor(other, 0.25) }
            assertEquals("Baseline: learnt with another $what; learn the neutral face again.", error.message)
        }
    }
}
