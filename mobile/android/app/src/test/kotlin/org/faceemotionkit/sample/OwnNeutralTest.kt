package org.faceemotionkit.sample

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The presenter learns a person's own neutral, and drops it. */
class OwnNeutralTest {
    private val device = RecordedDevice()
    private val presenter = ScreenPresenter(device) {}
    private val neutral get() = presenter.state.neutral

    /** What the camera's frames are read with now: each track with the number of frames that it was learnt from. */
    private val used get() = device.used.lastOrNull().orEmpty().mapValues { it.value.values.first() }

    private fun live(model: Model = modelOf()) {
        presenter.shown(granted = true, setOf(Lens.FRONT, Lens.BACK))
        presenter.modelLoaded(model)
        frame(0.0, 1)
    }

    private fun frame(seconds: Double, vararg tracks: Int) =
        presenter.frameRead(presenter.state.lens, pictureOf(tracks.map { faceOf("sad", it) }), seconds)

    /** A lesson of 21 frames from [begin] on. */
    private fun learn(begin: Double, track: Int) {
        presenter.learnNeutral()
        for (index in 0..20) frame(begin + index * 0.125, track)
    }

    @Test
    fun `two seconds of one face are learnt, and its track is read with them`() {
        live()
        assertEquals(Neutral.READY, neutral)
        presenter.learnNeutral()
        for (index in 0..15) {
            frame(1.0 + index * 0.125, 3)
            assertEquals(Neutral.LEARNING, neutral)
            assertEquals("nothing yet", emptyList<Any>(), device.used)
        }
        frame(3.0, 3)
        assertEquals(Neutral.IN_USE, neutral)
        assertEquals(3, presenter.state.neutralTrack)
        assertEquals("17 frames of track 3", mapOf(3 to 17), used)
        frame(3.1, 3, 4)
        assertEquals("another face may come", Neutral.IN_USE, neutral)
    }

    @Test
    fun `no face, two or another one while learning are said, and nothing is kept`() {
        live()
        for ((tracks, said) in listOf(
            intArrayOf() to Neutral.NO_FACE,
            intArrayOf(1, 2) to Neutral.SEVERAL_FACES,
            intArrayOf(2) to Neutral.OTHER_FACE,
        )) {
            presenter.learnNeutral()
            frame(1.0, 1)
            frame(1.5, *tracks)
            assertEquals(said, neutral)
            frame(3.5, 1)
            assertEquals("it stays to be read", said, neutral)
            assertNull(presenter.state.neutralTrack)
        }
        assertEquals(emptyList<Any>(), device.used)
        presenter.learnNeutral()
        frame(9.0, 1, 2)
        assertEquals("with the first frame too", Neutral.SEVERAL_FACES, neutral)
    }

    @Test
    fun `learning again is one press, forgetting too, and either drops what was there`() {
        live()
        learn(1.0, 1)
        assertEquals(setOf(1), used.keys)
        presenter.learnNeutral()
        assertEquals(Neutral.LEARNING, neutral)
        assertEquals(emptyMap<Int, Int>(), used)
        for (index in 0..20) frame(5.0 + index * 0.125, 1)
        assertEquals(Neutral.IN_USE, neutral)
        assertEquals(setOf(1), used.keys)
        presenter.forgetNeutral()
        assertEquals(Neutral.READY, neutral)
        assertEquals(emptyMap<Int, Int>(), used)
        presenter.learnNeutral()
        frame(9.0, 1)
        presenter.forgetNeutral()
        frame(12.0, 1)
        assertEquals("a lesson is broken off", Neutral.READY, neutral)
    }

    @Test
    fun `it goes with the track, once that has been away for as long as the tracker remembers`() {
        live()
        learn(1.0, 1)
        frame(4.0, 1)
        frame(4.5)
        frame(5.0)
        assertEquals(Neutral.IN_USE, neutral)
        frame(5.1, 2)
        assertEquals(Neutral.FACE_LEFT, neutral)
        assertEquals(emptyMap<Int, Int>(), used)
        assertNull(presenter.state.neutralTrack)
    }

    @Test
    fun `it goes with the camera, the source and the app's being seen, which is said`() {
        val leave = listOf<() -> Unit>(
            { presenter.switchLens() },
            { presenter.chooseSource(Source.PICTURE) },
            { presenter.picturePicked("content://one") },
            { presenter.hidden() },
            { presenter.cameraFailed(Card.CAMERA_GONE) },
        )
        for (action in leave) {
            live()
            learn(1.0, 1)
            assertEquals(Neutral.IN_USE, neutral)
            action()
            assertEquals(Neutral.CAMERA_LEFT, neutral)
            assertEquals(emptyMap<Int, Int>(), used)
            assertFalse(presenter.state.teachable)
            presenter.chooseSource(Source.CAMERA)
            presenter.shown(granted = true, setOf(Lens.FRONT, Lens.BACK))
            frame(9.0, 1)
            assertTrue(presenter.state.teachable)
            assertEquals("still there to be read", Neutral.CAMERA_LEFT, neutral)
            presenter.forgetNeutral()
        }
    }

    @Test
    fun `a notice that nothing was learnt goes with the camera`() {
        live()
        presenter.learnNeutral()
        frame(1.0)
        assertEquals(Neutral.NO_FACE, neutral)
        presenter.switchLens()
        assertEquals(Neutral.READY, neutral)
    }

    @Test
    fun `without a camera's picture, or with a model that cannot learn, there is nothing to press`() {
        presenter.learnNeutral()
        assertEquals(Neutral.READY, neutral)
        live(modelOf(learner = null))
        assertFalse(presenter.state.teachable)
        presenter.learnNeutral()
        assertEquals(Neutral.READY, neutral)
        live()
        assertTrue(presenter.state.teachable)
        presenter.chooseSource(Source.PICTURE)
        assertFalse(presenter.state.teachable)
        presenter.learnNeutral()
        assertEquals(Neutral.READY, neutral)
    }
}
