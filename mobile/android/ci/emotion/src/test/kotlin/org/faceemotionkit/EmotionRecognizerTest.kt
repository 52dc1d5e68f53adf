package org.faceemotionkit

import android.graphics.ImageFormat
import org.faceemotionkit.core.Box
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.HeadMissingException
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.core.overBlack
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.frameOf
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.vectors
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.concurrent.Callable
import java.util.concurrent.Executors

class EmotionRecognizerTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val recognizer = load()
    private val golden = released("face_detector/golden.json").getJSONArray("frames").objects()
    private val oneFace = golden.first { it.getJSONArray("near").length() == 1 }

    @After
    fun close() = recognizer.close()

    private fun load() = loadFrom(MODELS, "small")

    private fun Box.isNear(other: Box, distance: Double) = listOf(
        xMin - other.xMin,
        yMin - other.yMin,
        xMax - other.xMax,
        yMax - other.yMax,
    ).all { Math.abs(it) <= distance }

    @Test
    fun `labels are the contract's`() {
        assertEquals(ModelFolder.open(FolderFiles(MODELS), "small").contract().labels, recognizer.labels)
    }

    @Test
    fun `a camera's image gives the same face at every rotation, then a track`() {
        val expected = oneFace.getJSONArray("near").getJSONObject(0).getJSONArray("box").box()
        val upright = recognizer.recognize(cameraImage(oneFace, 0, 0), 0).single()
        for (rotation in listOf(90, 180, 270)) {
            recognizer.reset()
            val face = recognizer.recognize(cameraImage(oneFace, rotation, 0), rotation).single()
            assertTrue("$rotation°: ${face.box}", face.box.isNear(upright.box, 1e-3))
            assertEquals(upright.label, face.label)
            assertEquals(1, face.track)
        }
        // Grey pixels move the detector's box a little from the colour picture's.
        assertTrue("${upright.box}", upright.box.isNear(expected, 0.1 * expected.width))
        assertEquals(1, recognizer.recognize(cameraImage(oneFace, 0, 40_000_000), 0).single().track)
        assertEquals(2, recognizer.recognize(cameraImage(oneFace, 0, 9_000_000_000), 0).single().track)
    }

    @Test
    fun `the camera's image may be closed right after the call`() {
        val image = cameraImage(oneFace, 0, 0)
        val face = recognizer.recognize(image, 0).single()
        image.close()
        assertEquals(recognizer.labels.size, face.probabilities.size)
        assertEquals(1.0, face.probabilities.sum().toDouble(), 0.02)
    }

    @Test
    fun `other formats, rotations and closed images are refused, and the recognizer goes on`() {
        val closed = cameraImage(oneFace, 0, 0).apply { close() }
        for ((image, rotation) in listOf(
            cameraImage(oneFace, 0, 0, ImageFormat.JPEG) to 0,
            cameraImage(oneFace, 0, 0, ImageFormat.NV21) to 0,
            cameraImage(oneFace, 0, 0) to 45,
            closed to 0,
            FakeImage(4, 4, ByteArray(16), 0) to 0,
        )) {
            assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(image, rotation) }
        }
        assertEquals(1, recognizer.recognize(cameraImage(oneFace, 0, 0), 0).size)
    }

    @Test
    fun `images whose size changes, and pictures of one colour or very wide, are read one after the other`() {
        val other = golden.first { it.getInt("width") != oneFace.getInt("width") }
        for (round in 0L..2L) {
            assertEquals(1, recognizer.recognize(cameraImage(oneFace, 0, round * 80_000_000), 0).size)
            val expected = other.getJSONArray("near").length()
            assertEquals(expected, recognizer.recognize(cameraImage(other, 0, round * 80_000_000 + 40_000_000), 0).size)
            assertEquals(0, recognizer.recognize { frameOf(ByteArray(3 * 20_000 * 8), 20_000, 8) }.size)
        }
    }

    @Test
    fun `a transparent pixel lies over black`() {
        val pixels = mapOf(0xff010203 to 0xff010203, 0x00ffffff to 0xff000000, 0x80ff40ff to 0xff802080)
        for ((pixel, seen) in pixels) assertEquals(seen.toInt(), overBlack(pixel.toInt()))
    }

    @Test
    fun `after close every call is refused by its own exception`() {
        recognizer.close()
        recognizer.close()
        assertThrows(RecognizerClosedException::class.java) { recognizer.recognize(cameraImage(oneFace, 0, 0), 0) }
        assertThrows(RecognizerClosedException::class.java) { recognizer.reset() }
        assertEquals(7, recognizer.labels.size)
    }

    @Test
    fun `four threads at once get what one gets`() {
        fun near(rotation: Int) =
            recognizer.recognize(cameraImage(oneFace, rotation, 0), rotation, reach = Reach.NEAR).single()
        val alone = near(0)
        val pool = Executors.newFixedThreadPool(4)
        val calls = List(24) { index -> Callable { near(90 * (index % 4)) } }
        for (face in pool.invokeAll(calls).map { it.get() }) {
            assertTrue(face.box.isNear(alone.box, 1e-3))
            assertEquals(alone.label, face.label)
            assertEquals(1, face.track)
        }
        val closing = calls.map { pool.submit(it) }
        recognizer.close()
        for (call in closing) {
            runCatching { call.get() }.onFailure { assertTrue("$it", it.cause is RecognizerClosedException) }
        }
        pool.shutdown()
    }

    @Test
    fun `pictures have Python's faces, with the answer of the head that was asked for`() {
        val models = vectors().getJSONObject("pictures")
        assertEquals(RELEASED.toSet(), models.keySet())
        assertSees(recognizer, models.getJSONObject("small").getJSONArray("both").objects())
        assertSees(recognizer, vectors().getJSONArray("far").objects(), Reach.FAR)
        for (name in RELEASED) {
            val pictures = models.getJSONObject(name)
            for (head in Head.values()) {
                loadFrom(MODELS, name) { head(head) }.use {
                    assertSees(it, pictures.getJSONArray(head.name.lowercase()).objects())
                }
            }
            assertDiffer(pictures)
        }
    }

    private fun assertDiffer(pictures: JSONObject) {
        assertEquals(setOf("both", "labels", "votes"), pictures.keySet())
        val answers = listOf("both", "labels", "votes").map { head ->
            val faces = pictures.getJSONArray(head).objects().flatMap { it.getJSONArray("faces").objects() }
            faces.flatMap { it.getJSONArray("probabilities").numbers() }
        }
        for ((one, other) in listOf(0 to 1, 0 to 2, 1 to 2)) {
            val apart = answers[one].zip(answers[other]).maxOf { (a, b) -> Math.abs(a - b) }
            assertTrue("each head has an answer of its own: $apart", apart > 0.05)
        }
    }

    @Test
    fun `a model of format 1 gives Python's faces, and has no head votes`() {
        val root = folder.newFolder("kit")
        FORMAT1.resolve("nano").copyRecursively(root.resolve("nano"))
        MODELS.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        fun load(head: Head) = loadFrom(root, "nano") { head(head) }
        val pictures = vectors().getJSONArray("format1").objects()
        for (head in listOf(Head.BOTH, Head.LABELS)) load(head).use { assertSees(it, pictures) }
        val missing = assertThrows(HeadMissingException::class.java) { load(Head.VOTES) }
        assertEquals("The model has no head VOTES: use LABELS or BOTH.", missing.message)
    }

    @Test
    fun `a camera's image can be looked at far, and its faces have tracks of their own`() {
        val crowd = golden.first { it.getString("name") == "four small faces" }
        assertEquals(0, recognizer.recognize(cameraImage(crowd, 90, 0), 90, reach = Reach.NEAR).size)
        val first = recognizer.recognize(cameraImage(crowd, 90, 40_000_000), 90, reach = Reach.FAR)
        assertEquals(listOf(1, 2, 3, 4), first.map { it.track })
        val second = recognizer.recognize(cameraImage(crowd, 0, 80_000_000), 0, emptyMap(), Reach.FAR)
        assertEquals(first.map { it.track }.toSet(), second.map { it.track }.toSet())
        val expected = crowd.getJSONArray("far").objects().map { it.getJSONArray("box").box() }
        for (face in first + second) {
            assertTrue("${face.box}", expected.any { face.box.isNear(it, 0.75) })
            assertTrue(face.small)
        }
    }

    @Test
    fun `the detector of format 1 goes on, with one look and the contract's crop`() {
        val root = folder.newFolder("kit")
        FORMAT1.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        MODELS.resolve("small").copyRecursively(root.resolve("small"))
        val frames = JSONObject(
            FORMAT1.resolve("face_detector/golden.json").readText(),
        ).getJSONArray("frames").objects()
        loadFrom(root, "small").use { old ->
            assertEquals(0.83 * 48, old.fullWidth, 1e-9)
            for (entry in frames) {
                val expected = entry.getJSONArray("faces").objects().map { it.getJSONArray("box").box() }
                for (reach in Reach.values()) {
                    val found = old.recognize(null, reach) { entry.frame() }
                    assertEquals(expected.size, found.size)
                    for ((box, face) in expected.zip(found)) {
                        assertTrue("${face.box}", face.box.isNear(box, 0.5))
                        assertEquals(6, face.keypoints.size)
                    }
                }
            }
        }
    }

    /** An entry's own picture, or the golden one that it names. */
    private fun pictureOf(entry: JSONObject) =
        (if (entry.has("rgb")) entry else golden.first { it.getString("name") == entry.getString("name") }).frame()

    private fun assertSees(recognizer: EmotionRecognizer, pictures: List<JSONObject>, reach: Reach? = null) {
        assertTrue(pictures.sumOf { it.getJSONArray("faces").length() } >= 2)
        for (entry in pictures) {
            val found = recognizer.recognize(null, reach) { pictureOf(entry) }
            val expected = entry.getJSONArray("faces").objects()
            assertEquals(expected.size, found.size)
            for ((face, answer) in found.zip(expected)) {
                assertEquals(Face.NO_TRACK, face.track)
                assertTrue(face.box.isNear(answer.getJSONArray("box").box(), 1e-3))
                assertEquals(answer.getDouble("score"), face.score.toDouble(), 1e-5)
                assertEquals(answer.getString("label"), face.label)
                assertEquals(answer.getBoolean("small"), face.small)
                for ((k, probability) in answer.getJSONArray("probabilities").numbers().withIndex()) {
                    assertEquals(probability, face.probabilities[k].toDouble(), 3.0 / 256)
                }
            }
        }
    }
}
