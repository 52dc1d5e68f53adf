package org.faceemotionkit

import org.faceemotionkit.core.Face
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.Base64

/** A camera's faces between two looks, with the released networks: where they are followed to keeps the look's score. */
class FollowingTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val picture = released("face_detector/golden.json").getJSONArray("frames").objects()
        .first { it.getJSONArray("near").length() == 1 }

    /** The picture pushed to the right by some pixels; what leaves it comes in at the other side. */
    private fun pushed(right: Int): JSONObject {
        val (width, rgb) = picture.getInt("width") to picture.rgb()
        val bytes = ByteArray(rgb.size) {
            val (column, row) = it / 3 % width to it / 3 / width
            rgb[3 * (row * width + (column - right).mod(width)) + it % 3]
        }
        return JSONObject(mapOf("width" to width, "height" to picture.getInt("height")))
            .put("rgb", Base64.getEncoder().encodeToString(bytes))
    }

    /** The face in each of seven frames, 0.1 seconds and a pixel apart. */
    private fun faces(recognizer: EmotionRecognizer, rotation: Int = 0): List<Face> = recognizer.use {
        List(7) { frame ->
            it.recognize(cameraImage(pushed(frame), rotation, frame * 100_000_000L), rotation).single()
        }
    }

    private fun load(lookEvery: Double? = null) = loadFrom(MODELS, "nano") { lookEvery?.let(::lookEvery) }

    @Test
    fun `a face is followed for half a second at every rotation, and looked at in each frame on demand`() {
        val looked = faces(load(0.0))
        for (rotation in listOf(0, 90, 180, 270)) {
            val followed = faces(load(), rotation)
            assertEquals(1, followed.take(5).map { it.score }.toSet().size)
            assertNotEquals("0.5 s are over", followed[4].score, followed[5].score)
            for ((one, other) in followed.zip(looked)) {
                assertEquals(1, one.track)
                assertEquals("$rotation°", other.box.centerX, one.box.centerX, 0.02 * other.box.width)
                assertEquals("$rotation°", other.box.centerY, one.box.centerY, 0.02 * other.box.width)
                assertEquals("$rotation°", other.box.width, one.box.width, 0.03 * other.box.width)
                assertEquals(other.keypoints.keys, one.keypoints.keys)
            }
        }
        assertTrue("each look has a score of its own", looked.map { it.score }.toSet().size >= 6)
        assertEquals(1, faces(load(9.0)).map { it.score }.toSet().size)
    }

    @Test
    fun `a detector of format 1 looks at each frame`() {
        val root = folder.newFolder("kit")
        FORMAT1.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        MODELS.resolve("nano").copyRecursively(root.resolve("nano"))
        val old = faces(loadFrom(root, "nano"))
        assertTrue(old.map { it.score }.toSet().size >= 6)
    }
}
