package org.faceemotionkit.core

import org.json.JSONException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Test

class DepthTest {
    private val deep = "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000)

    @Test
    fun `JSON of 64 brackets in one another is read and of 65 is not`() {
        val most = "[".repeat(64) + "]".repeat(64)
        assertSame(most, shallow(most))
        val error = assertThrows(JSONException::class.java) { shallow("[$most]") }
        assertEquals("Nested deeper than 64 brackets at character 64", error.message)
    }

    @Test
    fun `brackets in texts and beside one another do not count`() {
        val texts = "{\"a\": \"" + "[{\\\"".repeat(100) + "\\\\\", \"b\": [" + "[],".repeat(100) + "{}]}"
        assertSame(texts, shallow(texts))
    }

    @Test
    fun `a manifest that would overflow the stack is damaged`() {
        val error = assertThrows(ModelDamagedException::class.java) { Fields.parse(deep, "model/manifest.json") }
        assertEquals("model/manifest.json is damaged: it is not a JSON object.", error.message)
    }

    @Test
    fun `a baseline that would overflow the stack is none`() {
        val error = assertThrows(BaselineException::class.java) { Baseline.fromJson(deep) }
        assertEquals("Baseline: not a JSON object; learn the neutral face again.", error.message)
    }
}
