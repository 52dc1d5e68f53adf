package org.faceemotionkit.sample

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

private val BOTH = setOf(Lens.FRONT, Lens.BACK)

class ScreenPresenterTest {
    private val device = RecordedDevice()
    private val shown = mutableListOf<ScreenState>()
    private val presenter = ScreenPresenter(device) { shown += it }
    private val card get() = presenter.state.card

    private fun live(lenses: Set<Lens> = BOTH) {
        presenter.start()
        presenter.shown(granted = true, lenses)
        presenter.modelLoaded(modelOf())
        presenter.frameRead(presenter.state.lens, readingOf("happy"), seconds = 1.0)
    }

    @Test
    fun `the camera opens once the model is there, and a frame takes the card away`() {
        presenter.start()
        presenter.shown(granted = true, BOTH)
        assertEquals(Card.LOADING, card)
        presenter.modelLoaded(modelOf())
        assertEquals(Card.STARTING, card)
        presenter.frameRead(Lens.FRONT, readingOf("happy"), 1.0)
        assertNull(card)
        assertEquals(listOf("load", "open FRONT"), device.orders)
        assertEquals(presenter.state, shown.last())
    }

    @Test
    fun `without permission the reason comes before the question`() {
        presenter.modelLoaded(modelOf())
        presenter.shown(granted = false, BOTH)
        assertEquals(Card.WELCOME, card)
        assertEquals(emptyList<String>(), device.orders)
        presenter.act()
        assertEquals(listOf("ask"), device.orders)
        presenter.permissionAnswered(granted = true, explainedBefore = false, explainedAfter = false)
        assertEquals(listOf("ask", "open FRONT"), device.orders)
    }

    @Test
    fun `a first refusal may be asked again, a second one leads to the settings`() {
        presenter.modelLoaded(modelOf())
        presenter.shown(granted = false, BOTH)
        presenter.permissionAnswered(granted = false, explainedBefore = false, explainedAfter = true)
        assertEquals(Card.REFUSED, card)
        presenter.act()
        presenter.permissionAnswered(granted = false, explainedBefore = true, explainedAfter = false)
        assertEquals(Card.REFUSED_FOR_EVER, card)
        presenter.act()
        assertEquals(listOf("ask", "settings"), device.orders)
        presenter.shown(granted = true, BOTH)
        assertEquals(Card.STARTING, card)
    }

    @Test
    fun `a dialog that was only dismissed counts as for ever the second time`() {
        presenter.modelLoaded(modelOf())
        presenter.shown(granted = false, BOTH)
        presenter.permissionAnswered(granted = false, explainedBefore = false, explainedAfter = false)
        assertEquals(Card.REFUSED, card)
        presenter.permissionAnswered(granted = false, explainedBefore = false, explainedAfter = false)
        assertEquals(Card.REFUSED_FOR_EVER, card)
    }

    @Test
    fun `off screen the camera is closed, and back on screen it starts anew`() {
        live()
        presenter.hidden()
        assertEquals("close", device.orders.last())
        assertNull(presenter.state.reading)
        presenter.shown(granted = true, BOTH)
        assertEquals(Card.STARTING, card)
        assertEquals("open FRONT", device.orders.last())
    }

    @Test
    fun `switching closes one camera before it opens the other, and late frames are dropped`() {
        live()
        presenter.switchLens()
        assertEquals(listOf("load", "open FRONT", "close", "open BACK"), device.orders)
        assertFalse(presenter.state.mirrored)
        presenter.frameRead(Lens.FRONT, readingOf("sad"), 2.0)
        assertEquals(Card.STARTING, card)
        assertNull(presenter.state.framesPerSecond)
    }

    @Test
    fun `one camera alone is used whichever side it is on, and cannot be switched`() {
        live(setOf(Lens.BACK))
        assertEquals(Lens.BACK, presenter.state.lens)
        assertFalse(presenter.state.switchable)
        presenter.switchLens()
        assertEquals(listOf("load", "open BACK"), device.orders)
    }

    @Test
    fun `a device without a camera offers a picture`() {
        presenter.modelLoaded(modelOf())
        presenter.shown(granted = true, emptySet())
        assertEquals(Card.NO_CAMERA, card)
        presenter.act()
        assertEquals(listOf("pick"), device.orders)
    }

    @Test
    fun `a busy camera is tried again when it is free, a failing one only when the user says so`() {
        live()
        presenter.cameraFailed(Card.CAMERA_BUSY)
        assertEquals(Card.CAMERA_BUSY, card)
        assertEquals("close", device.orders.last())
        presenter.cameraFreed()
        assertEquals("open FRONT", device.orders.last())
        presenter.cameraFailed(Card.CAMERA_FAILED)
        presenter.cameraFreed()
        assertEquals(Card.CAMERA_FAILED, card)
        presenter.act()
        assertEquals("open FRONT", device.orders.last())
    }

    @Test
    fun `a picture is read, shown and shared, without the camera`() {
        live()
        presenter.picturePicked("content://one")
        assertEquals(listOf("close", "read content://one"), device.orders.takeLast(2))
        assertEquals(Card.READING, card)
        presenter.pictureRead("content://other", readingOf("sad"))
        assertEquals(Card.READING, card)
        presenter.pictureRead("content://one", readingOf("sad", "neutral"))
        assertNull(card)
        assertEquals(listOf("sad", "neutral"), presenter.state.spoken)
        presenter.share("2026-01-02T03:04:05Z")
        assertTrue(device.orders.last().startsWith("share {\"time\":\"2026-01-02T03:04:05Z\",\"source\":\"picture\""))
    }

    @Test
    fun `an unclear face is said to be so, in the camera's picture and in a chosen one`() {
        live()
        for (seconds in listOf(2.0, 4.0, 6.0)) {
            presenter.frameRead(Lens.FRONT, pictureOf(listOf(faceOf("sad", certain = false))), seconds)
        }
        assertEquals(listOf(null), presenter.state.spoken)
        presenter.picturePicked("content://one")
        presenter.pictureRead("content://one", pictureOf(listOf(faceOf("sad", 1), faceOf("sad", 2, certain = false))))
        assertEquals(listOf("sad", null), presenter.state.spoken)
    }

    @Test
    fun `a picture stays when the app was out of sight`() {
        live()
        presenter.picturePicked("content://one")
        presenter.pictureRead("content://one", readingOf("sad"))
        presenter.hidden()
        presenter.shown(granted = true, BOTH)
        assertNull(card)
        assertEquals(1, device.orders.count { it.startsWith("read") })
    }

    @Test
    fun `a camera that fails after it was left changes nothing`() {
        live()
        presenter.chooseSource(Source.PICTURE)
        presenter.cameraFailed(Card.CAMERA_GONE)
        assertEquals(Card.PICTURE, card)
        assertNull(presenter.state.cameraProblem)
    }

    @Test
    fun `a picture that was chosen before the model was there is read then`() {
        val restored = ScreenPresenter(device, ScreenState(source = Source.PICTURE, picture = "content://one")) {}
        restored.start()
        restored.shown(granted = false, BOTH)
        assertEquals(Card.READING, restored.state.card)
        restored.modelLoaded(modelOf())
        assertEquals(listOf("load", "read content://one"), device.orders)
    }

    @Test
    fun `a picker that was left changes nothing, and an unreadable picture is said to be so`() {
        presenter.modelLoaded(modelOf())
        presenter.chooseSource(Source.PICTURE)
        presenter.picturePicked(null)
        assertEquals(Card.PICTURE, card)
        presenter.picturePicked("content://one")
        presenter.pictureFailed("content://two", Card.TIFF, "another one")
        assertEquals(Card.READING, card)
        presenter.pictureFailed("content://one", Card.TIFF, "TIFF")
        assertEquals(Card.TIFF, card)
        presenter.picturePicked("content://one")
        presenter.pictureFailed("content://one", Card.UNREADABLE, "gone")
        assertEquals(Card.UNREADABLE, card)
        assertFalse(presenter.state.shareable)
    }

    @Test
    fun `nothing is shared while no face is in view`() {
        live()
        assertTrue(presenter.state.shareable)
        presenter.frameRead(Lens.FRONT, readingOf(), 2.0)
        assertFalse(presenter.state.shareable)
        presenter.share("now")
        assertFalse(device.orders.any { it.startsWith("share") })
    }

    @Test
    fun `a damaged model is said to be so, and can be loaded again`() {
        presenter.start()
        presenter.shown(granted = true, BOTH)
        presenter.modelFailed(Card.MODEL_DAMAGED, "small/int8.tflite is damaged")
        assertEquals(Card.MODEL_DAMAGED, card)
        presenter.act()
        assertEquals(listOf("load", "load"), device.orders)
        assertEquals(Card.LOADING, card)
    }

    @Test
    fun `frames per second and the hint come of several frames`() {
        live()
        repeat(11) { presenter.frameRead(Lens.FRONT, readingOf(), 1.1 + it * 0.1) }
        assertEquals(10.0, presenter.state.framesPerSecond ?: 0.0, 1e-6)
        assertEquals(Hint.NO_FACE, presenter.state.hint)
    }

    @Test
    fun `a face that stays too small is told to come closer, and a picture's at once`() {
        val far = pictureOf(listOf(faceOf("happy", small = true)))
        live()
        presenter.frameRead(Lens.FRONT, far, 1.1)
        assertNull(presenter.state.hint)
        presenter.frameRead(Lens.FRONT, far, 2.0)
        assertEquals(Hint.TOO_SMALL, presenter.state.hint)
        presenter.frameRead(Lens.FRONT, readingOf("happy"), 2.1)
        assertNull(presenter.state.hint)
        presenter.picturePicked("content://one")
        presenter.pictureRead("content://one", far)
        assertEquals(Hint.TOO_SMALL, presenter.state.hint)
    }
}
