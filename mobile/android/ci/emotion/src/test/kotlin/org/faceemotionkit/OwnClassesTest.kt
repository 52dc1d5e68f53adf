package org.faceemotionkit

import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.texts
import org.faceemotionkit.testing.vectors
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/**
 * A model of a user's own three classes, among assets that the packaging step wrote: no name of a class stands in the
 * library.
 */
class OwnClassesTest {
    private val own = vectors().getJSONObject("own_classes")
    private val labels = own.getJSONArray("labels").texts()

    private fun load() = loadFrom(File(own.getString("folder"), "face_emotion_kit"), own.getString("variant"))

    @Test
    fun `labels are the user's, in the manifest's order`() = load().use { recognizer ->
        assertEquals(3, labels.size)
        assertEquals(labels, recognizer.labels)
    }

    @Test
    fun `faces get Python's labels and probabilities`() = load().use { recognizer ->
        var count = 0
        for (picture in own.getJSONArray("pictures").objects()) {
            val found = recognizer.recognize { picture.frame() }
            val expected = picture.getJSONArray("faces").objects()
            assertEquals(picture.getString("name"), expected.size, found.size)
            for ((face, twin) in found.zip(expected)) {
                assertTrue(face.label in labels)
                assertEquals(twin.getString("label"), face.label)
                assertEquals(twin.getJSONArray("box").box().xMin, face.box.xMin, 0.5)
                val probabilities = twin.getJSONArray("probabilities").numbers().map(Double::toFloat).toFloatArray()
                assertArrayEquals(probabilities, face.probabilities.toFloatArray(), 0.02f)
                count += 1
            }
        }
        assertTrue("$count faces", count >= 3)
    }

    @Test
    fun `the width of a face that is not small follows from the contract and the detector's crop`() =
        load().use { recognizer ->
            fun entry(name: String, key: String) = File(own.getString("folder"), "face_emotion_kit/$name/manifest.json")
                .let { JSONObject(it.readText()).getJSONObject(key) }
            val boxWidth = entry("face_detector", "detector").getJSONObject("crop").getDouble("box_width")
            val size = entry(own.getString("variant"), "contract").getInt("input_size")
            assertEquals(boxWidth * size, recognizer.fullWidth, 1e-9)
            assertTrue("${recognizer.fullWidth}", recognizer.fullWidth in 20.0..60.0)
        }
}
