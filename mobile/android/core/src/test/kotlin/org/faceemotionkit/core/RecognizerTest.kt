package org.faceemotionkit.core

import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class RecognizerTest {
    // Of format 1: the network's answers are the classifier's.
    private val contract = ModelFolder.open(FolderFiles(FORMAT1), "nano").contract()
    private val settings = blazeFaceSettings()
    private val answers = FloatArray(7).also {
        it[3] = 0.7f
        it[6] = 0.3f
    }
    private val boxes = FloatArray(896 * 16)
    private val scores = FloatArray(896) { -9f }
    private val classifierRunner = FakeRunner(listOf(1, 48, 48, 1), listOf(listOf(1, 7) to answers))
    private val detectorRunner =
        FakeRunner(listOf(1, 128, 128, 3), listOf(listOf(1, 896, 16) to boxes, listOf(1, 896, 1) to scores))
    private val recognizer =
        Recognizer(contract, Classifier(classifierRunner, contract), BlazeFace(detectorRunner, settings), "abc")

    /** Lets the detector find a face at an anchor; its eyes stand level. */
    private fun showFace(anchor: Int, score: Float = 3f) {
        scores[anchor] = score
        floatArrayOf(0f, 0f, 40f, 40f, -8f, -6f, 8f, -6f).copyInto(boxes, 16 * anchor)
    }

    @Test
    fun `nothing in the image is an empty list, and the classifier rests`() {
        assertEquals(0, recognizer.recognize(noise(64, 48), null).size)
        assertEquals(0, recognizer.recognize(noise(64, 48), 0.0).size)
        assertEquals(0, classifierRunner.runs)
    }

    @Test
    fun `a still picture has no track and leaves those of a video alone`() {
        showFace(400)
        val first = recognizer.recognize(noise(128, 128), 0.0).single()
        assertEquals(1, first.track)
        answers.fill(0f)
        answers[0] = 1f
        val still = recognizer.recognize(noise(128, 128), null).single()
        assertEquals(Face.NO_TRACK, still.track)
        assertEquals("angry", still.label)
        assertEquals(1f, still.probabilities[0], 0f)
        val second = recognizer.recognize(noise(128, 128), 0.01).single()
        assertEquals(1, second.track)
        assertEquals("held by the hysteresis", "happy", second.label)
        assertTrue(second.probabilities[0] in 0.02f..0.04f)
        assertEquals("angry", recognizer.recognize(noise(128, 128), 0.5).single().label)
    }

    @Test
    fun `two faces have two tracks, the surest first, and reset begins anew`() {
        showFace(100, 2f)
        showFace(400, 5f)
        val faces = recognizer.recognize(noise(128, 128), 0.0)
        assertEquals(listOf(1, 2), faces.map { it.track })
        assertTrue(faces[0].score > faces[1].score)
        showFace(100, 9f)
        assertEquals(listOf(2, 1), recognizer.recognize(noise(128, 128), 0.1).map { it.track })
        recognizer.reset()
        assertEquals(listOf(1, 2), recognizer.recognize(noise(128, 128), 0.2).map { it.track })
    }

    @Test
    fun `images down to eight pixels and up to many megapixels are taken`() {
        showFace(400)
        for ((width, height) in listOf(8 to 8, 8 to 3000, 4000 to 8, 1600 to 1200)) {
            val grey = ArgbFrame(object : ArgbSource {
                override val width = width
                override val height = height

                override fun read(row: Int, left: Int, columns: Int, pixels: IntArray) = pixels.fill(0x808080)
            })
            val box = recognizer.recognize(grey, null).single().box
            assertEquals(40.0 / 128 * maxOf(width, height), box.width, 1e-6 * maxOf(width, height))
        }
        for ((width, height) in listOf(7 to 100, 100 to 7)) {
            assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(noise(width, height), null) }
        }
    }

    @Test
    fun `a time that is no number is refused, and tracks stay as they were`() {
        showFace(400)
        recognizer.recognize(noise(128, 128), 0.0)
        for (time in listOf(Double.NaN, Double.POSITIVE_INFINITY)) {
            val refused = assertThrows(IllegalArgumentException::class.java) {
                recognizer.recognize(noise(128, 128), time)
            }
            assertEquals("time $time: a finite number of seconds is expected", refused.message)
        }
        assertEquals("no network was asked", 1, detectorRunner.runs)
        assertEquals(1, recognizer.recognize(noise(128, 128), 0.1).single().track)
    }

    @Test
    fun `frames whose size changes, a flat one and a strip are read like any other`() {
        showFace(400)
        val sizes = listOf(640 to 480, 480 to 640, 97 to 64, 20_000 to 64, 640 to 480)
        for ((index, size) in sizes.withIndex()) {
            val (width, height) = size
            val face = recognizer.recognize(noise(width, height), index * 0.1).single()
            assertEquals("happy", face.label)
            assertEquals(40.0 / 128 * maxOf(width, height), face.box.width, 1e-6 * maxOf(width, height))
        }
    }

    @Test
    fun `a face has the detector's six points, and its eyes in the image's order`() {
        showFace(400)
        val face = recognizer.recognize(noise(256, 128), null).single()
        assertEquals(settings.keypoints, face.keypoints.keys.toList())
        assertEquals(6, face.keypoints.size)
        val middle = face.box.centerX
        assertEquals(listOf(middle - 16, middle + 16), face.eyes.map(Point::x))
        assertEquals(listOf(face.keypoints["right_eye"], face.keypoints["left_eye"]), face.eyes)
        assertEquals(emptyList<Point>(), Face(face.box, 1, face.probabilities, "happy", 1f).eyes)
    }

    @Test
    fun `closing closes both networks`() {
        recognizer.close()
        assertTrue(classifierRunner.isClosed && detectorRunner.isClosed)
        assertNull(runCatching { recognizer.close() }.exceptionOrNull())
    }
}
