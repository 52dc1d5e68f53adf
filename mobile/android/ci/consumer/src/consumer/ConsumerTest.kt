package consumer

import android.content.Context
import android.graphics.BitmapFactory
import org.junit.Assert.assertEquals
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
        assertEquals(listOf("happy"), labels)
    }

    @Test
    fun `the README's Java lines see it too`() {
        val labels = JavaExpressions.expressions(context, portrait)
        assertEquals(listOf("happy in Box"), labels.map { it.substringBefore('(') })
    }
}
