package org.faceemotionkit.sample

import org.faceemotionkit.core.Face
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What becomes of a result: JSON, words and colours. */
class ResultTest {
    @Test
    fun `the JSON holds every face with every probability`() {
        val json = JSONObject(jsonOf(readingOf("happy", "sad"), Source.CAMERA, LABELS, "2026-01-02T03:04:05Z"))
        assertEquals("camera", json.getString("source"))
        assertEquals(640, json.getInt("width"))
        assertEquals(12.3, json.getDouble("milliseconds"), 1e-9)
        val face = json.getJSONArray("faces").getJSONObject(1)
        assertEquals(2, face.getInt("face"))
        assertEquals("sad", face.getString("label"))
        assertTrue(face.getBoolean("certain"))
        val box = face.getJSONArray("box")
        assertEquals(listOf(200.0, 100.0, 240.0, 280.0), List(box.length(), box::getDouble))
        assertEquals(LABELS.toSet(), face.getJSONObject("probabilities").keys().asSequence().toSet())
        assertEquals(0.82, face.getJSONObject("probabilities").getDouble("sad"), 1e-9)
    }

    @Test
    fun `an unclear face keeps label and numbers in the JSON`() {
        val reading = pictureOf(listOf(faceOf("sad", certain = false)))
        val face = JSONObject(jsonOf(reading, Source.PICTURE, LABELS, "now")).getJSONArray("faces").getJSONObject(0)
        assertFalse(face.getBoolean("certain"))
        assertEquals("sad", face.getString("label"))
        assertEquals(0.82, face.getJSONObject("probabilities").getDouble("sad"), 1e-9)
    }

    @Test
    fun `a face of a still picture goes by its place`() {
        assertEquals(3, numberOf(faceOf("happy", Face.NO_TRACK), index = 2))
        assertEquals(7, numberOf(faceOf("happy", 7), index = 2))
    }

    @Test
    fun `a screen reader hears the most probable expression first`() {
        assertEquals(
            "happy 82\u202f%, angry 3\u202f%",
            spokenShares(faceOf("happy"), LABELS).split(", ").take(2).joinToString(),
        )
    }

    @Test
    fun `each of the seven expressions has an opaque colour of its own`() {
        val shades = LABELS.indices.map(::shadeOf)
        assertEquals(7, shades.toSet().size)
        assertEquals(setOf(0xff), shades.map { it ushr 24 }.toSet())
        assertNotEquals(0, shadeOf(-1) ushr 24) // a label that the model does not have
    }

    @Test
    fun `EXIF orientations turn and flip`() {
        assertEquals(listOf(0f, 0f, 180f, 180f, 90f, 90f, 270f, 270f), (1..8).map { turnOf(it).first })
        assertEquals(listOf(2, 4, 5, 7), (1..8).filter { turnOf(it).second })
        assertEquals(listOf(1, 1, 2, 8), listOf(100, 2048, 2049, 12000).map { sampleSize(it, 200) })
        assertEquals("a strip keeps the 8 pixels that are needed", 4, sampleSize(20_000, 50))
    }
}
