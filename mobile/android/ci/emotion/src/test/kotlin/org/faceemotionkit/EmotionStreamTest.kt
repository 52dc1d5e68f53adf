package org.faceemotionkit

import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FaceEmotionException
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.testing.Lying
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

class EmotionStreamTest {
    private val recognizer = loadFrom(MODELS, "nano")
    private val picture = released("face_detector/golden.json").getJSONArray("frames").objects()
        .first { it.getJSONArray("near").length() == 1 }
    private val frame = Lying(picture.rgb(), picture.getInt("width"), picture.getInt("height"), 90).nv21()
    private val told = LinkedBlockingQueue<Pair<FrameSource?, Any>>()
    private val threads = LinkedBlockingQueue<Thread>()
    private val gate = CountDownLatch(1)

    /** Keeps what it is told; at the first frame it waits for the gate. */
    private val listener = object : EmotionListener {
        override fun onFaces(frame: FrameSource, faces: List<Face>) {
            threads += Thread.currentThread()
            told += frame to faces
            assertTrue(gate.await(60, TimeUnit.SECONDS))
        }

        override fun onFailure(error: FaceEmotionException) {
            told += null to error
        }
    }

    @After
    fun close() = recognizer.close()

    private fun next() = checkNotNull(told.poll(60, TimeUnit.SECONDS)) { "nothing was told" }

    @Test
    fun `the latest frame wins, one after the other on one thread, and close waits`() {
        val stream = EmotionStream(recognizer, listener)
        stream.submit(frame.at(0))
        assertEquals(0L, next().first?.nanoseconds)
        for (time in 1L..5L) stream.submit(frame.at(40_000_000 * time)) // while the listener is at work
        gate.countDown()
        val (last, faces) = next()
        assertEquals(200_000_000L, last?.nanoseconds)
        assertEquals(frame.width to frame.height, last?.width to last?.height)
        assertEquals(1, ((faces as List<*>).single() as Face).track)
        stream.close()
        stream.close()
        stream.submit(frame.at(9_000_000_000))
        assertEquals("two were read, none after close", 0, told.size)
        val worker = threads.toSet().single()
        assertTrue("close joins", !worker.isAlive)
        assertNotEquals(Thread.currentThread(), worker)
        assertEquals("the recognizer is the caller's", 1, recognizer.recognize(frame).size)
    }

    @Test
    fun `memory may be used again after submit, images be closed, and a frame without a time has the call's`() {
        gate.countDown()
        EmotionStream(recognizer, listener).use { stream ->
            val image = cameraImage(picture, 0, 7)
            stream.submit(image, 0)
            image.close()
            assertEquals(7L, next().first?.nanoseconds)
            assertThrows(UnsupportedImageException::class.java) { stream.submit(image, 0) }
            val pixels = IntArray(64 * 64)
            stream.submit(FrameSource.argb(pixels, 64, 64))
            val (first, none) = next()
            assertEquals(emptyList<Face>(), none)
            stream.submit(FrameSource.argb(pixels, 64, 64))
            assertTrue(checkNotNull(first?.nanoseconds) < checkNotNull(next().first?.nanoseconds))
        }
    }

    @Test
    fun `baselines count from the next frame on, and a failure is told while the stream goes on`() {
        gate.countDown()
        val baseline = recognizer.learnNeutral(frame)
        val stream = EmotionStream(recognizer, listener)
        stream.submit(frame.at(0))
        val plain = (next().second as List<*>).single() as Face
        recognizer.reset()
        stream.baselines = mapOf(1 to baseline)
        stream.submit(frame.at(0))
        val less = (next().second as List<*>).single() as Face
        assertEquals(plain.box to plain.track, less.box to less.track)
        assertNotEquals(plain.probabilities, less.probabilities)
        stream.submit(FrameSource.argb(IntArray(9), 3, 3))
        assertTrue(next().second is UnsupportedImageException)
        recognizer.close()
        stream.submit(frame)
        assertTrue(next().second is RecognizerClosedException)
        stream.close()
    }

    @Test
    fun `a listener may close its stream`() {
        val done = CountDownLatch(1)
        lateinit var stream: EmotionStream
        stream = EmotionStream(
            recognizer,
            object : EmotionListener {
                override fun onFaces(frame: FrameSource, faces: List<Face>) {
                    stream.close()
                    done.countDown()
                }

                override fun onFailure(error: FaceEmotionException) = throw error
            },
        )
        stream.submit(frame)
        assertTrue(done.await(60, TimeUnit.SECONDS))
        stream.close()
    }
}
