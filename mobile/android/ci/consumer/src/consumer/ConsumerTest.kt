package consumer

import android.content.Context
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.ColorSpace
import android.graphics.Matrix
import android.graphics.Paint
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.RecognizerOptions
import org.faceemotionkit.core.BaselineException
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.toFrameSource
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowLog
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.math.roundToInt

/** An app's use of the library, with the released model out of the aar's own assets. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ConsumerTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val portrait = File(System.getProperty("picture")).inputStream().use(BitmapFactory::decodeStream)

    /** With one thread: two wait for each other where the machine is busy. */
    private fun load(set: RecognizerOptions.Builder.() -> Unit = {}) = EmotionRecognizer.load(
        context,
        RecognizerOptions {
            threads(1)
            set()
        },
    )

    @Test
    fun `the README's Kotlin lines see the portrait smile`() {
        val labels = Expressions(context).use { expressions -> expressions.ofPicture(portrait).map { it.label } }
        assertRead(labels)
    }

    @Test
    fun `the four lines of the project's README say it in the log`() {
        ShadowLog.clear()
        smallest(context, portrait)
        val said = ShadowLog.getLogsForTag("faces").map { it.msg }
        assertTrue("$said", said.single().startsWith("happy in "))
    }

    @Test
    fun `the README's line for groups sees it lying on its side too`() {
        val turn = Matrix().apply { postRotate(90f) }
        val lying = Bitmap.createBitmap(portrait, 0, 0, portrait.width, portrait.height, turn, true)
        Expressions(context).use { expressions ->
            val face = expressions.ofGroup(lying).single()
            val upright = expressions.ofPicture(portrait).single()
            assertEquals(portrait.height - upright.box.centerY, face.box.centerX, 0.1 * upright.box.width)
            assertEquals(upright.box.centerX, face.box.centerY, 0.1 * upright.box.width)
            assertEquals(upright.small, face.small)
            assertEquals(upright.label, face.label)
        }
    }

    @Test
    fun `the README's Java lines see it too`() {
        val labels = JavaExpressions.expressions(context, portrait)
        assertRead(labels.map { it.substringBefore(" in RectF(") })
    }

    @Test
    fun `the lines for a face at rest compile, and run where the model states a strength`() {
        val manifest = context.assets.open("face_emotion_kit/small/manifest.json").use { String(it.readBytes()) }
        val isStated = JSONObject(manifest).getJSONObject("contract").getDouble("baseline_strength") > 0
        Expressions(context).use { expressions ->
            if (isStated) {
                val faces = expressions.ofPicture(portrait, expressions.atRest(portrait))
                assertTrue(faces.single().probabilities[6] > expressions.ofPicture(portrait).single().probabilities[6])
            } else {
                assertThrows(BaselineException::class.java) { expressions.atRest(portrait) }
            }
        }
        load().use { recognizer ->
            if (isStated) assertEquals(1, JavaExpressions.expressions(recognizer, portrait, portrait).size)
        }
    }

    @Test
    fun `a bitmap is read alike in every configuration and colour space, and over black where it is transparent`() {
        load().use { recognizer ->
            val expected = recognizer.recognize(portrait).single()
            val wide = Bitmap.createBitmap(
                portrait.width,
                portrait.height,
                Bitmap.Config.RGBA_F16,
                true,
                ColorSpace.get(ColorSpace.Named.LINEAR_EXTENDED_SRGB),
            )
            val p3 = Bitmap.createBitmap(
                portrait.width,
                portrait.height,
                Bitmap.Config.ARGB_8888,
                true,
                ColorSpace.get(ColorSpace.Named.DISPLAY_P3),
            )
            for (bitmap in listOf(wide, p3)) {
                Canvas(bitmap).drawBitmap(portrait, 0f, 0f, null)
                assertNear(expected.probabilities, recognizer.recognize(bitmap).single().probabilities)
            }
            assertNear(
                expected.probabilities,
                recognizer.recognize(portrait.copy(Bitmap.Config.RGBA_F16, false))[0].probabilities,
            )
            val ghost = Bitmap.createBitmap(portrait.width, portrait.height, Bitmap.Config.ARGB_8888)
            ghost.isPremultiplied = false // so that what is wholly transparent keeps its colours
            val pixels = IntArray(portrait.width * portrait.height)
            portrait.getPixels(pixels, 0, portrait.width, 0, 0, portrait.width, portrait.height)
            for (index in pixels.indices) pixels[index] = pixels[index] and 0xffffff
            ghost.setPixels(pixels, 0, portrait.width, 0, 0, portrait.width, portrait.height)
            assertEquals(pixels[9999], ghost.getPixel(9999 % portrait.width, 9999 / portrait.width))
            assertEquals("nothing but black", 0, recognizer.recognize(ghost).size)
            val faint = Bitmap.createBitmap(portrait.width, portrait.height, Bitmap.Config.ARGB_8888)
            Canvas(faint).drawBitmap(portrait, 0f, 0f, Paint().apply { alpha = 128 })
            val black = Bitmap.createBitmap(portrait.width, portrait.height, Bitmap.Config.ARGB_8888)
            Canvas(black).apply { drawColor(Color.BLACK) }.drawBitmap(faint, 0f, 0f, null)
            assertNear(recognizer.recognize(black)[0].probabilities, recognizer.recognize(faint)[0].probabilities)
        }
    }

    @Test
    fun `pictures of one colour, 20,000 pixels wide and of changing size are read`() {
        load().use { recognizer ->
            val flat = Bitmap.createBitmap(640, 480, Bitmap.Config.ARGB_8888).apply { eraseColor(Color.GREEN) }
            val wide = Bitmap.createBitmap(20_000, 100, Bitmap.Config.ARGB_8888)
            for (bitmap in listOf(flat, wide)) {
                assertEquals(0, recognizer.recognize(bitmap).size)
                assertEquals(1, recognizer.recognize(portrait).size)
            }
        }
    }

    private fun assertNear(expected: List<Float>, found: List<Float>) =
        assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 0.03f)

    /** One face, whose label is one of the packaged model's: a smile where the model has a word for it. */
    private fun assertRead(labels: List<String>) {
        val known = load().use { it.labels }
        assertTrue("$labels of $known", labels.single() in known)
        if ("happy" in known) assertEquals(listOf("happy"), labels)
    }

    /** The portrait as a camera with a sensor at a quarter turn gives it: NV21, turned back by 90 degrees. */
    private fun lyingNv21(): ByteArray {
        val (width, height) = portrait.height to portrait.width
        val bytes = ByteArray(width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2)) { -128 }
        for (line in 0 until height) {
            for (column in 0 until width) {
                val pixel = portrait.getPixel(portrait.width - 1 - line, column)
                val grey = 0.299 * Color.red(pixel) + 0.587 * Color.green(pixel) + 0.114 * Color.blue(pixel)
                bytes[line * width + column] = grey.roundToInt().toByte()
            }
        }
        return bytes
    }

    @Test
    fun `frames of other sources have the bitmap's faces`() {
        load().use { recognizer ->
            val expected = recognizer.recognize(portrait)
            assertEquals(1, expected.size)
            assertEquals(expected, recognizer.recognize(portrait.toFrameSource()))
            // Not by copyPixelsToBuffer: on the JVM it gives blue first, where Android gives red.
            val colours = IntArray(portrait.width * portrait.height)
            portrait.getPixels(colours, 0, portrait.width, 0, 0, portrait.width, portrait.height)
            val pixels = ByteBuffer.allocateDirect(4 * colours.size)
            for (colour in colours) pixels.putInt(Integer.rotateLeft(colour, 8))
            pixels.rewind()
            assertEquals(expected, recognizer.ofRgba(pixels, portrait.width, portrait.height, 4 * portrait.width, 0))
            val (width, height) = portrait.height to portrait.width
            val grey = recognizer.ofNv21(lyingNv21(), width, height, 90, 0).single()
            assertEquals(expected.single().label to 1, grey.label to grey.track)
            assertEquals(expected.single().box.centerX, grey.box.centerX, 0.1 * grey.box.width)
            recognizer.reset()
            assertEquals(listOf(grey), JavaExpressions.ofNv21(recognizer, lyingNv21(), width, height, 0))
        }
    }

    @Test
    fun `a downloaded model answers, and a stream tells it`() {
        val told = LinkedBlockingQueue<List<Face>>()
        ofDownload(context, File(System.getProperty("models"), "nano")).use { recognizer ->
            follow(recognizer, { _, faces -> told += faces }, { sentence -> fail(sentence) }).use { stream ->
                stream.submit(portrait.toFrameSource())
                assertEquals(listOf("happy"), told.poll(60, TimeUnit.SECONDS)?.map { it.label })
            }
        }
    }

    @Test
    fun `one head alone can be asked`() {
        fun answer(head: Head) = EmotionRecognizer.load(
            context,
            RecognizerOptions {
                head(head)
            },
        ).use { it.recognize(portrait).single().probabilities }
        val labels = load().use { it.labels }
        assertEquals(labels.size, answer(Head.LABELS).size)
        if ("happy" !in labels) return // a model of own classes has no votes
        val answers = Head.values().map(::answer)
        assertEquals("$answers", 3, answers.toSet().size)
        for (found in answers) assertEquals("happy", labels[found.indices.maxBy(found::get)])
    }

    @Test
    fun `bitmaps without pixels are refused, and the recognizer goes on`() {
        val recycled = portrait.copy(Bitmap.Config.ARGB_8888, false).apply { recycle() }
        val tiny = Bitmap.createBitmap(1, 1, Bitmap.Config.ARGB_8888)
        load().use { recognizer ->
            for (bitmap in listOf(recycled, tiny)) {
                assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(bitmap) }
            }
            assertEquals(1, recognizer.recognize(portrait).size)
        }
    }
}
