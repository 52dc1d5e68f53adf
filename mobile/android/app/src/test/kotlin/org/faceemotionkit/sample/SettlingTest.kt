package org.faceemotionkit.sample

import org.faceemotionkit.core.Box
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What waits before it is said or shown: announcements, hints, frames per second. */
class SettlingTest {
    @Test
    fun `a result is announced once it has lasted a second and a half, and once only`() {
        val announcer = Announcer()
        assertFalse(announcer.isNews(listOf("happy"), 0.0))
        assertFalse(announcer.isNews(listOf("happy"), 1.4))
        assertTrue(announcer.isNews(listOf("happy"), 1.6))
        assertFalse(announcer.isNews(listOf("happy"), 9.0))
    }

    @Test
    fun `two announcements are four seconds apart`() {
        val announcer = Announcer()
        announcer.isNews(listOf("happy"), 0.0)
        assertTrue(announcer.isNews(listOf("happy"), 2.0))
        announcer.isNews(listOf("sad"), 2.1)
        assertFalse(announcer.isNews(listOf("sad"), 5.9))
        assertTrue(announcer.isNews(listOf("sad"), 6.0))
    }

    @Test
    fun `flicker is never announced`() {
        val announcer = Announcer()
        assertFalse((0..200).any { announcer.isNews(listOf(if (it % 2 == 0) "happy" else "neutral"), it * 0.1) })
    }

    @Test
    fun `a hint waits until the problem has lasted, and goes at once`() {
        val hints = HintSettler()
        assertNull(hints.settle(Hint.NO_FACE, 0.0))
        assertEquals(Hint.NO_FACE, hints.settle(Hint.NO_FACE, 0.9))
        assertNull(hints.settle(null, 1.0))
        assertNull(hints.settle(Hint.NO_FACE, 1.1))
    }

    @Test
    fun `the widest face decides whether it is cut off`() {
        val inside = faceOf("happy", box = Box(10.0, 10.0, 110.0, 110.0))
        val cut = faceOf("sad", box = Box(560.0, 100.0, 700.0, 240.0))
        val nearly = faceOf("sad", box = Box(-9.0, 100.0, 131.0, 240.0))
        assertEquals(Hint.CUT_OFF, problemOf(pictureOf(listOf(inside, cut))))
        assertNull(problemOf(pictureOf(listOf(inside, nearly))))
        assertEquals(Hint.NO_FACE, problemOf(pictureOf(emptyList())))
    }

    @Test
    fun `a face with fewer pixels than the network sees is too small, unless it is cut off or another is wider`() {
        val far = faceOf("happy", box = Box(300.0, 200.0, 333.0, 240.0), small = true)
        val near = faceOf("happy", box = Box(300.0, 200.0, 334.0, 240.0))
        val leaving = faceOf("happy", box = Box(-20.0, 200.0, 13.0, 240.0), small = true)
        assertEquals(Hint.TOO_SMALL, problemOf(pictureOf(listOf(far))))
        assertNull(problemOf(pictureOf(listOf(far, near))))
        assertEquals(Hint.CUT_OFF, problemOf(pictureOf(listOf(leaving))))
    }

    @Test
    fun `frames per second are a mean that forgets`() {
        val pace = Pace()
        assertNull(pace.tick(0.0))
        assertEquals(10.0, pace.tick(0.1) ?: 0.0, 1e-9)
        assertEquals(1 / 0.11, pace.tick(0.3) ?: 0.0, 1e-9)
        assertEquals(1 / 0.11, pace.tick(0.3) ?: 0.0, 1e-9) // a clock that stands still
        pace.reset()
        assertNull(pace.tick(9.0))
    }
}
