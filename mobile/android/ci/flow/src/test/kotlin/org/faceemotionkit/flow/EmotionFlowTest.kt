package org.faceemotionkit.flow

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.ModelSource
import org.faceemotionkit.RecognizerOptions
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.testing.Lying
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test

private const val PATIENCE = 60_000L // milliseconds, for a machine that is busy with other things

class EmotionFlowTest {
    private val recognizer = EmotionRecognizer.load(
        RecognizerOptions {
            model(ModelSource.folder(MODELS.resolve("nano")))
            detector(ModelSource.folder(MODELS.resolve("face_detector")))
            threads(1)
        },
    )
    private val picture = released("face_detector/golden.json").getJSONArray("frames").objects()
        .first { it.getJSONArray("near").length() == 1 }
    private val frame = Lying(picture.rgb(), picture.getInt("width"), picture.getInt("height"), 270).rgba()

    @After
    fun close() = recognizer.close()

    private fun <T> patiently(block: suspend () -> T): T = runBlocking { withTimeout(PATIENCE) { block() } }

    @Test
    fun `a flow of one frame has its faces, with a track`() = patiently {
        val seen = flowOf(frame.at(5)).faces(recognizer).single()
        assertEquals(5L, seen.frame.nanoseconds)
        recognizer.reset()
        assertEquals(recognizer.recognize(frame.at(5)), seen.faces)
        assertEquals(1, seen.faces.single().track)
    }

    @Test
    fun `while the collector is busy the latest frame wins`() = patiently {
        val allCame = CompletableDeferred<Unit>()
        val firstSeen = CompletableDeferred<Unit>()
        val frames = flow {
            emit(frame.at(0))
            firstSeen.await()
            for (time in 1L..40L) emit(frame.at(40_000_000 * time))
            allCame.complete(Unit)
        }
        val times = ArrayList<Long?>()
        frames.faces(recognizer).collect {
            times += it.frame.nanoseconds
            firstSeen.complete(Unit)
            allCame.await()
        }
        assertEquals(0L, times.first())
        assertEquals(1_600_000_000L, times.last())
        // The first, one that was read while it was on show, and the last.
        assertTrue("$times", times.size in 2..3)
        assertEquals(times.sortedBy { it }, times)
    }

    @Test
    fun `frames without a time follow each other, and baselines are asked before each`() = patiently {
        val baseline = recognizer.learnNeutral(frame)
        var asked = 0
        val seen = flow { while (true) emit(frame) }
            .faces(recognizer) { if (asked++ == 0) null else mapOf(1 to baseline) }
            .take(2)
            .toList()
        assertTrue(checkNotNull(seen[0].frame.nanoseconds) < checkNotNull(seen[1].frame.nanoseconds))
        assertEquals(listOf(1, 1), seen.map { it.faces.single().track })
        assertNotEquals(seen[0].faces.single().probabilities, seen[1].faces.single().probabilities)
    }

    @Test
    fun `a frame that cannot be read ends the flow with its exception`() = patiently {
        val failures = ArrayList<Throwable>()
        val tiny = flowOf(FrameSource.argb(IntArray(9), 3, 3))
        val seen = tiny.faces(recognizer).catch { failures += it }.toList()
        assertEquals(0, seen.size)
        assertTrue("$failures", failures.single() is UnsupportedImageException)
    }
}
