package org.faceemotionkit.sample

import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.net.Uri
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.faceemotionkit.core.Box
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

private const val TOUCH_TARGET = 48 // dp
private const val PATIENCE = 60_000L // milliseconds, for a machine that is busy with other things

/**
 * The whole app, with the released model, on screens of several shapes. Each is also drawn into
 * build/android/maven/app/pictures/, to look at.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TimedApplication::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ScreenPictureTest {
    private val activity by lazy { Robolectric.buildActivity(CameraActivity::class.java).setup().get() }

    @Test
    @Config(qualifiers = "w390dp-h844dp-port-notnight-xhdpi")
    fun `a phone upright`() = check("phone", headed = true, listed = true)

    @Test
    @Config(qualifiers = "w390dp-h844dp-port-night-xhdpi")
    fun `a phone upright, dark`() = check("phone-dark", headed = true, listed = true)

    @Test
    @Config(qualifiers = "w844dp-h390dp-land-night-xhdpi")
    fun `a phone on its side`() = check("phone-landscape", headed = false, listed = true)

    @Test
    @Config(qualifiers = "w390dp-h380dp-port-notnight-xhdpi")
    fun `half a screen`() = check("split-screen", headed = false, listed = false)

    @Test
    @Config(qualifiers = "w800dp-h1280dp-port-notnight-mdpi")
    fun `a tablet`() = check("tablet", headed = true, listed = true)

    @Test
    @Config(qualifiers = "w390dp-h844dp-port-notnight-xhdpi")
    fun `a card before there is a picture`() {
        waitFor { "No camera found" in texts() }
        checkTargets()
        draw("phone-card")
    }

    @Test
    @Config(qualifiers = "w390dp-h844dp-port-notnight-xhdpi")
    fun `a phone whose camera runs`() = checkCamera("phone-camera", Neutral.READY)

    @Test
    @Config(qualifiers = "w390dp-h844dp-port-night-xhdpi")
    fun `a phone that learns a neutral face, dark`() = checkCamera("phone-camera-dark", Neutral.LEARNING)

    @Test
    @Config(qualifiers = "w844dp-h390dp-land-night-xhdpi")
    fun `a phone on its side with a neutral face in use`() = checkCamera("phone-camera-landscape", Neutral.IN_USE)

    @Test
    @Config(qualifiers = "w390dp-h380dp-port-notnight-xhdpi")
    fun `half a screen with a sentence of two lines`() = checkCamera("split-screen-camera", Neutral.FACE_LEFT)

    /** The screen as it is while a camera runs, which Robolectric has none of: one clear face and one that is not. */
    private fun checkCamera(name: String, neutral: Neutral) {
        waitFor { "No camera found" in texts() }
        val unclear = faceOf("sad", 2, Box(10.0, 240.0, 130.0, 400.0), certain = false)
        val live = ScreenState(
            labels = LABELS,
            visible = true,
            granted = true,
            lenses = setOf(Lens.FRONT, Lens.BACK),
            learnable = true,
            reading = pictureOf(listOf(unclear, faceOf("happy", 1))),
            framesPerSecond = 29.0,
            spoken = listOf(null, "happy"),
            neutral = neutral,
            neutralTrack = 1,
        )
        activity.show(live)
        waitFor { "2 faces: unclear, happy." in texts() }
        checkTargets()
        draw(name)
    }

    private fun check(name: String, headed: Boolean, listed: Boolean) {
        val address = Uri.parse("content://pictures/portrait")
        val file = File(System.getProperty("samples.folder"), "portrait.jpg")
        shadowOf(RuntimeEnvironment.getApplication().contentResolver).registerInputStreamSupplier(address) {
            file.inputStream()
        }
        activity.pickPicture()
        val request = shadowOf(activity).nextStartedActivityForResult.intent
        shadowOf(activity).receiveResult(request, Activity.RESULT_OK, Intent().setData(address))
        waitFor { "1 face: happy." in texts() }
        assertEquals(headed, "No image leaves this device" in texts())
        assertEquals(listed, "Faces" in texts())
        assertTrue("${texts()}", "12.3 ms" in texts())
        checkTargets()
        draw(name)
    }

    /** Whatever can be pressed is large enough for a finger, and nothing reaches out of the window. */
    private fun checkTargets() {
        val density = activity.resources.displayMetrics.density
        val window = activity.window.decorView
        for (view in shown(window).filter { it.isClickable && it.isEnabled }) {
            assertTrue(
                "$view",
                view.height >= TOUCH_TARGET * density || (view.parent as View).height >= TOUCH_TARGET * density,
            )
            val place = IntArray(2).also(view::getLocationInWindow)
            assertTrue(
                "$view",
                place[0] >= 0 && place[0] + view.width <= window.width && place[1] + view.height <= window.height,
            )
        }
    }

    private fun draw(name: String) {
        val window = activity.window.decorView
        val bitmap = Bitmap.createBitmap(window.width, window.height, Bitmap.Config.ARGB_8888)
        window.draw(Canvas(bitmap))
        val folder = File(System.getProperty("pictures.folder")).apply { mkdirs() }
        File(folder, "$name.png").outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
        assertTrue(
            "drawn in more than one colour",
            IntArray(100) { bitmap.getPixel(bitmap.width / 2, it * bitmap.height / 100) }.toSet().size > 3,
        )
    }

    private fun waitFor(condition: () -> Boolean) {
        val end = System.currentTimeMillis() + PATIENCE
        while (!condition()) {
            assertTrue("${texts()}", System.currentTimeMillis() < end)
            shadowOf(Looper.getMainLooper()).idle()
            Thread.sleep(5)
        }
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun texts(): List<String> =
        shown(activity.window.decorView).filterIsInstance<TextView>().map { it.text.toString() }

    private fun shown(view: View): List<View> = when {
        view.visibility != View.VISIBLE -> emptyList()
        view is ViewGroup -> listOf(view) + (0 until view.childCount).flatMap { shown(view.getChildAt(it)) }
        else -> listOf(view)
    }
}
