package consumer

import android.content.Context
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.UnsupportedImageException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** An app's use of the library, with the released model out of the aar's own assets. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ConsumerTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val portrait = File(System.getProperty("picture")).inputStream().use(BitmapFactory::decodeStream)

    @Test
    fun `the README's Kotlin lines see the portrait smile`() {
        val labels = Expressions(context).use { expressions -> expressions.ofPicture(portrait).map { it.label } }
        assertRead(labels)
    }

    @Test
    fun `the README's Java lines see it too`() {
        val labels = JavaExpressions.expressions(context, portrait)
        assertRead(labels.map { it.substringBefore(" in Box(") })
    }

    /** One face, whose label is one of the packaged model's: a smile where the model has a word for it. */
    private fun assertRead(labels: List<String>) {
        val known = EmotionRecognizer.load(context).use { it.labels }
        assertTrue("$labels of $known", labels.single() in known)
        if ("happy" in known) assertEquals(listOf("happy"), labels)
    }

    @Test
    fun `one head alone can be asked`() {
        fun answer(head: Head) =
            EmotionRecognizer.load(context, head = head).use { it.recognize(portrait).single().probabilities.asList() }
        val labels = EmotionRecognizer.load(context).use { it.labels }
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
        EmotionRecognizer.load(context).use { recognizer ->
            for (bitmap in listOf(recycled, tiny)) {
                assertThrows(UnsupportedImageException::class.java) { recognizer.recognize(bitmap) }
            }
            assertEquals(1, recognizer.recognize(portrait).size)
        }
    }
}
