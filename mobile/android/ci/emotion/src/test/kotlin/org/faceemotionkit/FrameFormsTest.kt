package org.faceemotionkit

import android.graphics.RectF
import org.faceemotionkit.core.BaselineException
import org.faceemotionkit.core.Box
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.Plane
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.testing.Lying
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer

/** Frames of every form through the released networks: the answers are those of bitmaps and of camera images. */
class FrameFormsTest {
    private val recognizer = loadFrom(MODELS, "nano")
    private val frames = released("face_detector/golden.json").getJSONArray("frames").objects()
    private val picture = frames.first { it.getJSONArray("near").length() == 1 }

    @After
    fun close() = recognizer.close()

    private fun lying(rotation: Int = 0, isMirrored: Boolean = false) =
        Lying(picture.rgb(), picture.getInt("width"), picture.getInt("height"), rotation, isMirrored, padding = 4)

    @Test
    fun `RGBA and ARGB have a bitmap's faces, however they lie`() {
        val expected = recognizer.recognize { picture.frame() }
        assertEquals(1, expected.size)
        for (rotation in listOf(0, 90, 180, 270)) {
            for (isMirrored in listOf(false, true)) {
                val lying = lying(rotation, isMirrored)
                for (frame in listOf(lying.rgba(), lying.argb())) {
                    assertEquals("$frame", expected, recognizer.recognize(frame))
                }
            }
        }
    }

    @Test
    fun `NV21 has a camera image's face, and the Y plane alone that of an image without colours`() {
        for (rotation in listOf(0, 90, 180, 270)) {
            val lying = lying(rotation)
            val image = FakeImage(lying.width, lying.height, ByteArray(0), 40_000_000, planes = lying.planes())
            val pale = Plane(ByteBuffer.wrap(ByteArray(lying.width * lying.height) { -128 }), (lying.width + 1) / 2, 1)
            val planes = listOf(lying.planes().first(), pale, pale)
            val grey = FakeImage(lying.width, lying.height, ByteArray(0), 40_000_000, planes = planes)
            for ((camera, sources) in listOf(
                image to listOf(lying.nv21(), lying.yuv()),
                grey to listOf(lying.grey()),
            )) {
                recognizer.reset()
                val expected = recognizer.recognize(camera, rotation)
                assertEquals(1, expected.single().track)
                for (source in sources + camera.toFrameSource(rotation)) {
                    recognizer.reset()
                    assertEquals("$source", expected, recognizer.recognize(source.at(40_000_000)))
                }
            }
        }
    }

    @Test
    fun `a frame with a time has a track, one without has none`() {
        val frame = lying(90).nv21()
        assertEquals(
            listOf(0, 1, 1, 0),
            listOf(
                recognizer.recognize(frame),
                recognizer.recognize(frame.at(0)),
                recognizer.recognize(frame.at(40_000_000), emptyMap()),
                recognizer.recognize(frame, reach = Reach.NEAR),
            ).map { it.single().track },
        )
        val error = assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(frame, emptyMap()) }
        assertEquals("A still picture has no tracks: give the frame its time, by at().", error.message)
        val tiny = FrameSource.argb(IntArray(49), 7, 7)
        assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(tiny) }
    }

    @Test
    fun `a neutral face is learnt from frames as from pictures`() {
        val expected = recognizer.learnNeutral(2) { picture.frame() }
        assertEquals(expected, recognizer.learnNeutral(lying(180).rgba(), lying(270, true).argb()))
        assertThrows(BaselineException::class.java) { recognizer.learnNeutral() }
    }

    @Test
    fun `a closed image, or of another format, makes no frame`() {
        val closed = cameraImage(picture, 0, 0).apply { close() }
        assertThrows(UnsupportedImageException::class.java) { closed.toFrameSource(0) }
        assertThrows(UnsupportedImageException::class.java) { cameraImage(picture, 0, 0).toFrameSource(45) }
        val jpeg = cameraImage(picture, 0, 0, android.graphics.ImageFormat.JPEG)
        assertThrows(UnsupportedImageException::class.java) { jpeg.toFrameSource(0) }
    }

    @Test
    fun `a box is drawn where the view shows it`() {
        val box = Box(10.0, 20.0, 110.0, 220.0)
        assertEquals(RectF(10f, 20f, 110f, 220f), box.toRectF())
        assertEquals("bars above and below", RectF(20f, 340f, 220f, 740f), box.toRectF(640, 480, 1280, 1560))
        assertEquals("as in a mirror", RectF(1060f, 340f, 1260f, 740f), box.toRectF(640, 480, 1280, 1560, true))
        val cut = box.toRectF(640, 480, 640, 960, isMirrored = false, fills = true)
        assertEquals("left and right are cut off", RectF(-300f, 40f, -100f, 440f), cut)
        assertTrue(cut.width() == 200f)
    }
}
