package shrunk

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.json.JSONObject
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
import java.io.InputStream

private const val PATIENCE = 60_000L // milliseconds, for a machine that is busy with other things

/**
 * The app as its user has it, from the icon to the shared result. It names nothing of the app but the activity, so that it
 * runs over the module app's classes and over those that R8 left in the APK; what both shared, in `results.folder`, is
 * compared by tests/mobile/test_android_app.py.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "w390dp-h844dp-port-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class WholeAppTest {
    private val activity: Activity by lazy {
        val type = Class.forName("org.faceemotionkit.sample.CameraActivity").asSubclass(Activity::class.java)
        Robolectric.buildActivity(type).setup().get()
    }

    @Test
    fun `pictures are chosen, read, shown and shared`() {
        waitFor("No camera found")
        press("source_picture")
        for ((name, sentence) in SENTENCES) {
            choose { File(System.getProperty("samples.folder"), "$name.jpg").inputStream() }
            waitFor(sentence)
            press("share")
            val chooser = shadowOf(activity).nextStartedActivity
            val sent = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)
            val text = checkNotNull(sent?.getStringExtra(Intent.EXTRA_TEXT))
            assertEquals(sentence.substringBefore(" ").toInt(), JSONObject(text).getJSONArray("faces").length())
            File(System.getProperty("results.folder")).apply { mkdirs() }.resolve("$name.json").writeText(text)
        }
    }

    @Test
    fun `what is no picture is refused in words`() {
        waitFor("No camera found")
        press("source_picture")
        choose { byteArrayOf(1, 2, 3).inputStream() }
        waitFor("That picture cannot be shown")
    }

    private fun <V : View> view(name: String): V =
        activity.findViewById(activity.resources.getIdentifier(name, "id", activity.packageName))

    private fun press(name: String) = view<View>(name).performClick()

    private fun choose(content: () -> InputStream) {
        val address = Uri.parse("content://pictures/${System.nanoTime()}")
        shadowOf(RuntimeEnvironment.getApplication().contentResolver).registerInputStreamSupplier(address, content)
        press("choose_picture")
        val request = shadowOf(activity).nextStartedActivityForResult.intent
        shadowOf(activity).receiveResult(request, Activity.RESULT_OK, Intent().setData(address))
    }

    /** Waits until the screen shows a sentence; the worker thread runs by itself. */
    private fun waitFor(sentence: String) {
        val end = System.currentTimeMillis() + PATIENCE
        while (sentence !in sentences(activity.window.decorView)) {
            assertTrue(
                "\"$sentence\" is not among ${sentences(activity.window.decorView)}",
                System.currentTimeMillis() < end,
            )
            shadowOf(Looper.getMainLooper()).idle()
            Thread.sleep(5)
        }
    }

    private fun sentences(view: View): List<String> = when {
        view.visibility != View.VISIBLE -> emptyList()
        view is TextView -> listOf(view.text.toString())
        view is ViewGroup -> (0 until view.childCount).flatMap { sentences(view.getChildAt(it)) }
        else -> emptyList()
    }

    private companion object {
        val SENTENCES = mapOf(
            "portrait" to "1 face: happy.",
            "two-faces" to "2 faces: sad, surprise.",
            "three-faces" to "3 faces: happy, angry, surprise.",
        )
    }
}
