package org.faceemotionkit.sample

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.graphics.Bitmap
import android.graphics.ImageFormat
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager
import android.net.Uri
import android.os.Looper
import android.provider.MediaStore
import android.provider.Settings
import android.util.Size
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.ModelDamagedException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.StreamConfigurationMapBuilder
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream

private val PICTURE = Uri.parse("content://pictures/1")
private const val PATIENCE = 60_000L // milliseconds, for a machine that is busy with other things

/** The activity on a device that Robolectric plays. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApplication::class, qualifiers = "w390dp-h844dp-port-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class CameraActivityTest {
    private val application get() = RuntimeEnvironment.getApplication() as TestApplication
    private val controller by lazy { Robolectric.buildActivity(CameraActivity::class.java) }
    private val activity get() = controller.get()

    @Test
    fun `without a camera the app says so and offers a picture`() {
        start()
        waitFor("No camera found")
        press(R.id.card_action)
        assertEquals(MediaStore.ACTION_PICK_IMAGES, shadowOf(activity).nextStartedActivityForResult.intent.action)
    }

    @Test
    fun `a permission that is granted starts the camera`() {
        plugIn("0", CameraCharacteristics.LENS_FACING_BACK)
        plugIn("1", CameraCharacteristics.LENS_FACING_FRONT)
        start()
        waitFor("See your expressions, live")
        press(R.id.card_action)
        assertEquals(
            listOf(Manifest.permission.CAMERA),
            shadowOf(activity).lastRequestedPermission.requestedPermissions.toList(),
        )
        shadowOf(application).grantPermissions(Manifest.permission.CAMERA)
        answer(PackageManager.PERMISSION_GRANTED)
        waitFor("Starting the camera")
        assertTrue(activity.findViewById<View>(R.id.switch_lens).isEnabled)
    }

    @Test
    fun `a permission that is refused for ever leads to the settings`() {
        plugIn("0", CameraCharacteristics.LENS_FACING_BACK)
        start()
        waitFor("See your expressions, live")
        press(R.id.card_action)
        answer(PackageManager.PERMISSION_DENIED)
        waitFor("The camera was refused")
        press(R.id.card_action)
        answer(PackageManager.PERMISSION_DENIED)
        waitFor("The camera is switched off for this app")
        press(R.id.card_action)
        val settings = shadowOf(activity).nextStartedActivity
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, settings.action)
        assertEquals("package:${activity.packageName}", settings.dataString)
    }

    @Test
    fun `a chosen picture is shown with its faces, outlives a turn of the device, and is shared as JSON`() {
        shadowOf(application.contentResolver).registerInputStreamSupplier(PICTURE) { ByteArrayInputStream(png()) }
        start()
        choose(PICTURE)
        waitFor("1 face: happy.")
        val face = activity.findViewById<ViewGroup>(R.id.faces).getChildAt(0)
        val spoken = face.createAccessibilityNodeInfo().contentDescription.toString()
        assertTrue(spoken, spoken.startsWith("Face 1: happy 82"))
        val before = activity
        controller.recreate()
        waitFor("1 face: happy.")
        assertFalse("a new activity", before === activity)
        press(R.id.share)
        val sent = shadowOf(activity).nextStartedActivity.getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)
        assertEquals(Intent.ACTION_SEND, sent?.action)
        assertTrue(sent?.getStringExtra(Intent.EXTRA_TEXT).orEmpty().contains("\"label\":\"happy\""))
    }

    @Test
    fun `a face that is not certain is unclear, to the eye and to a screen reader`() {
        application.load = { FakeReader(listOf(faceOf("happy", Face.NO_TRACK, certain = false))) }
        shadowOf(application.contentResolver).registerInputStreamSupplier(PICTURE) { ByteArrayInputStream(png()) }
        start()
        choose(PICTURE)
        waitFor("1 face: unclear.")
        val face = activity.findViewById<ViewGroup>(R.id.faces).getChildAt(0)
        val spoken = face.createAccessibilityNodeInfo().contentDescription.toString()
        assertTrue(spoken, spoken.startsWith("Face 1: unclear. happy 82"))
    }

    @Test
    fun `while the camera runs, a neutral face can be learnt and forgotten`() {
        start()
        waitFor("No camera found")
        assertEquals(View.GONE, activity.findViewById<View>(R.id.neutral).visibility)
        val live = ScreenState(
            labels = LABELS,
            visible = true,
            granted = true,
            lenses = setOf(Lens.FRONT),
            learnable = true,
            reading = readingOf("happy"),
        )
        fun words(neutral: Neutral): List<String> {
            activity.show(live.copy(neutral = neutral, neutralTrack = 4))
            return sentences(activity.findViewById(R.id.neutral))
        }
        assertEquals(listOf("Do you look sad or angry at rest?", "Learn my neutral face"), words(Neutral.READY))
        assertEquals(
            listOf("Look at the camera with your face at rest, for two seconds.", "Cancel"),
            words(Neutral.LEARNING),
        )
        assertEquals(
            listOf("Your neutral face is in use for face 4.", "Learn again", "Forget"),
            words(Neutral.IN_USE),
        )
        for (neutral in Neutral.values().drop(3)) {
            val (sentence, button) = words(neutral)
            assertTrue(sentence, sentence.startsWith("Nothing learnt: ") || sentence.endsWith("was forgotten."))
            assertEquals("Learn my neutral face", button)
        }
        assertEquals(8, Neutral.values().map { words(it).first() }.toSet().size)
    }

    @Test
    fun `a damaged picture and a cancelled picker leave words, not a crash`() {
        shadowOf(application.contentResolver).registerInputStreamSupplier(PICTURE) {
            ByteArrayInputStream(byteArrayOf(1, 2, 3))
        }
        start()
        waitFor("No camera found")
        press(R.id.source_picture)
        press(R.id.choose_picture)
        val request = shadowOf(activity).nextStartedActivityForResult.intent
        shadowOf(activity).receiveResult(request, Activity.RESULT_CANCELED, null)
        waitFor("Only the one that you choose is read, and it goes nowhere else.")
        choose(PICTURE)
        waitFor("That picture cannot be shown")
    }

    @Test
    fun `a damaged model is named, and trying again loads it anew`() {
        application.load = { throw ModelDamagedException("small/int8.tflite is damaged.") }
        start()
        waitFor("A model file is damaged")
        application.load = { FakeReader() }
        press(R.id.card_action)
        waitFor("No camera found")
    }

    @Test
    @Suppress("DEPRECATION") // AndroidX, which deprecates it, is not used here
    fun `a turn of the device keeps the session, and the end of the activity ends it`() {
        start()
        waitFor("No camera found")
        val kept = activity.onRetainNonConfigurationInstance()
        controller.recreate()
        assertSame(kept, activity.onRetainNonConfigurationInstance())
        controller.pause().stop().destroy()
    }

    @Test
    fun `before Android 13 documents take the place of the photo picker`() {
        assertEquals(listOf(Intent.ACTION_OPEN_DOCUMENT), pickers(sdk = 32).map { it.action })
        assertEquals(
            listOf(MediaStore.ACTION_PICK_IMAGES, Intent.ACTION_OPEN_DOCUMENT),
            pickers(sdk = 33).map { it.action },
        )
        assertEquals(setOf("image/*"), pickers(sdk = 33).map { it.type }.toSet())
    }

    private fun start() {
        controller.setup()
    }

    private fun press(id: Int) = activity.findViewById<View>(id).performClick()

    private fun choose(picture: Uri) {
        activity.pickPicture()
        val request = shadowOf(activity).nextStartedActivityForResult.intent
        shadowOf(activity).receiveResult(request, Activity.RESULT_OK, Intent().setData(picture))
    }

    private fun answer(result: Int) {
        val code = shadowOf(activity).lastRequestedPermission.requestCode
        activity.onRequestPermissionsResult(code, arrayOf(Manifest.permission.CAMERA), intArrayOf(result))
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

    private fun plugIn(id: String, facing: Int) {
        val facts = ShadowCameraCharacteristics.newCameraCharacteristics()
        val sizes = StreamConfigurationMapBuilder.newBuilder()
            .addOutputSize(Size(1280, 960))
            .addOutputSize(ImageFormat.YUV_420_888, Size(640, 480))
            .build()
        shadowOf(facts).set(CameraCharacteristics.LENS_FACING, facing)
        shadowOf(facts).set(CameraCharacteristics.SENSOR_ORIENTATION, 90)
        shadowOf(facts).set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes)
        shadowOf(application.getSystemService(CameraManager::class.java)).addCamera(id, facts)
    }

    private fun png(): ByteArray {
        val stream = ByteArrayOutputStream()
        Bitmap.createBitmap(64, 48, Bitmap.Config.ARGB_8888).compress(Bitmap.CompressFormat.PNG, 100, stream)
        return stream.toByteArray()
    }
}
