package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.lang.reflect.Modifier

class FaceTest {
    private val box = Box(1.0, 2.0, 11.0, 22.0)
    private val points = mapOf("left_eye" to Point(8.0, 5.0), "right_eye" to Point(3.0, 5.0))

    private fun face(
        box: Box = this.box,
        track: Int = 1,
        probabilities: List<Float> = listOf(0.75f, 0.25f),
        label: String = "happy",
        score: Float = 0.5f,
        keypoints: Map<String, Point> = points,
        certain: Boolean = true,
        small: Boolean = false,
    ) = Face(box, track, probabilities, label, score, keypoints, certain, small)

    @Test
    fun `faces are equal if everything that is said of them is`() {
        assertEquals(face(), face())
        assertEquals(face().hashCode(), face().hashCode())
        val others = listOf(
            face(box = box.copy(xMax = 12.0)),
            face(track = Face.NO_TRACK),
            face(probabilities = listOf(0.75f, 0.2f)),
            face(label = "sad"),
            face(score = 0.6f),
            face(keypoints = emptyMap()),
            face(certain = false),
            face(small = true),
        )
        for (other in others) assertNotEquals(face(), other)
        assertEquals(9, (others + face() + face()).toSet().size)
        assertFalse(face().equals("happy"))
    }

    @Test
    fun `what was given may change, and a face does not`() {
        val (shares, keypoints) = mutableListOf(0.75f, 0.25f) to points.toMutableMap()
        val kept = face(probabilities = shares, keypoints = keypoints)
        shares[0] = 0f
        keypoints.clear()
        assertEquals(face(), kept)
        assertThrows(UnsupportedOperationException::class.java) {
            @Suppress("UNCHECKED_CAST")
            (kept.probabilities as MutableList<Float>)[0] = 1f
        }
        assertThrows(UnsupportedOperationException::class.java) {
            @Suppress("UNCHECKED_CAST")
            (kept.keypoints as MutableMap<String, Point>).clear()
        }
    }

    @Test
    fun `what is shown, the eyes, and the text`() {
        assertEquals("happy" to "unclear", face().shown to face(certain = false).shown)
        assertEquals(listOf(3.0, 8.0), face().eyes.map(Point::x))
        val text = "Face(label=happy, certain=true, score=0.5, track=1, " +
            "box=Box(xMin=1.0, yMin=2.0, xMax=11.0, yMax=22.0))"
        assertEquals(text, face().toString())
    }

    @Test
    fun `every exception is of one sealed family`() {
        val family = listOf(
            ModelMissingException("m"),
            ModelDamagedException("m"),
            LibraryMissingException("m"),
            HeadMissingException("m"),
            InvalidOptionsException("m"),
            UnsupportedImageException("m"),
            UnsupportedBufferException("m"),
            BaselineException("m"),
            NotOneFaceException("", 2),
            RecognizerClosedException(),
        )
        assertEquals(family.size, family.map { it.javaClass }.toSet().size)
        for (error: FaceEmotionException in family) assertTrue("$error", error.message.orEmpty().isNotEmpty())
        assertTrue(Modifier.isAbstract(FaceEmotionException::class.java.modifiers))
        assertEquals(
            "2 faces where exactly one is expected; learn from pictures of one person, looking at the camera.",
            NotOneFaceException("", 2).message,
        )
    }

    @Test
    fun `the smallest and the most faces that are read`() {
        fun found(width: Double, score: Double) = Detection(Box(0.0, 0.0, width, 50.0), score, points)
        val faces = listOf(found(40.0, 0.9), found(80.0, 0.8), found(20.0, 0.7), found(60.0, 0.6))
        fun widths(wanted: WantedFaces) = wanted.of(faces).map { it.box.width }
        assertEquals(listOf(40.0, 80.0, 20.0, 60.0), widths(WantedFaces()))
        assertEquals(listOf(40.0, 80.0, 60.0), widths(WantedFaces(smallest = 40.0)))
        assertEquals("the largest, the surest first", listOf(80.0, 60.0), widths(WantedFaces(most = 2)))
        assertEquals(listOf(80.0), widths(WantedFaces(smallest = 60.5, most = 2)))
        assertEquals(3, WantedFaces(smallest = 30.0, most = 1).largeEnough(faces).size)
    }
}
