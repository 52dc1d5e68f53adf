package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.net.Uri
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException

/** The golden pictures of models/golden_decoding/, read by the app with Android's own decoders. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApplication::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class DecodingTest {
    private val folder = File(System.getProperty("models"), "golden_decoding")
    private val golden = JSONObject(File(folder, "golden_decoding.json").readText())
    private val files = golden.getJSONArray("files").let { list -> List(list.length(), list::getJSONObject) }

    private fun read(name: String): Bitmap = read(File(folder, name).readBytes())

    private fun read(content: ByteArray): Bitmap {
        val address = Uri.parse("content://pictures/golden")
        val resolver = RuntimeEnvironment.getApplication().contentResolver
        shadowOf(resolver).registerInputStreamSupplier(address) { ByteArrayInputStream(content) }
        return readPicture(resolver, address)
    }

    /** The levels of a picture, row by row, as the recognizer sees them; null if the app refuses the file. */
    private fun difference(file: JSONObject): String? {
        val name = file.getString("file")
        val bitmap = try {
            read(name)
        } catch (refusal: IOException) {
            return "refused"
        }
        val picture = golden.getJSONObject("pictures").getJSONObject(file.getString("picture"))
        val (width, height) = picture.getInt("width") to picture.getInt("height")
        if (bitmap.width != width || bitmap.height != height) return "${bitmap.width} x ${bitmap.height}"
        val channels = picture.getInt("channels")
        var largest = 0
        for (y in 0 until height) {
            val row = picture.getJSONArray("rows").getString(y)
            for (x in 0 until width) {
                val pixel = overBlack(bitmap.getPixel(x, y))
                for (channel in 0 until 3) {
                    val digits = 2 * (x * channels + if (channels == 3) channel else 0)
                    val expected = row.substring(digits, digits + 2).toInt(16)
                    largest = maxOf(largest, Math.abs(expected - (pixel shr 16 - 8 * channel and 0xff)))
                }
            }
        }
        return if (largest <= file.getInt("tolerance")) null else "$largest levels"
    }

    /** What emotion's BitmapSource makes of a pixel. */
    private fun overBlack(pixel: Int): Int {
        fun level(shift: Int) = ((pixel shr shift and 0xff) * (pixel ushr 24) + 127) / 255 shl shift
        return level(16) or level(8) or level(0)
    }

    @Test
    fun `what Android reads has the golden pixels`() {
        val read = files.filter { it.getString("android") == "pixels" && it.getString("form") != "AVIF" }
        assertTrue("${read.size}", read.size > 30)
        val wrong = read.associate { it.getString("file") to difference(it) }.filterValues { it != null }
        assertEquals(emptyMap<String, String>(), wrong)
    }

    @Test
    fun `what Android does not read is refused in words of its own`() {
        val refused = files.filter { it.getString("android") == "refused" }
        assertTrue("${refused.size}", refused.size > 10)
        for (file in refused) {
            val error = assertThrows(UnreadablePictureException::class.java) { read(file.getString("file")) }
            assertEquals(if (file.getString("form") == "TIFF") Card.TIFF else Card.UNSCALED, error.problem)
        }
    }

    @Test
    fun `pictures of one pixel are too small, and whatever is none is said to be so`() {
        fun png(width: Int, height: Int) = ByteArrayOutputStream().also {
            Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888).compress(Bitmap.CompressFormat.PNG, 100, it)
        }.toByteArray()
        for (content in listOf(png(1, 1), png(7, 300))) {
            assertEquals(Card.TINY, assertThrows(UnreadablePictureException::class.java) { read(content) }.problem)
        }
        val wide = read(png(20_000, 64))
        assertEquals(listOf(2500, 8), listOf(wide.width, wide.height))
        val whole = File(folder, "orientation_6.png").readBytes()
        for (content in listOf(ByteArray(0), byteArrayOf(1, 2, 3), whole.copyOf(40), "RIFF1234WEBP".toByteArray())) {
            assertThrows(IOException::class.java) { read(content) }
        }
    }

    @Test
    fun `the head of a file is read without Android, and damage in it does no harm`() {
        val turned = mapOf("orientation_5.webp" to 5, "orientation_6.png" to 6, "orientation_8.jpg" to 8)
        for ((name, orientation) in turned) {
            val content = File(folder, name).readBytes()
            assertEquals(name, orientation, headOf(ByteArrayInputStream(content)).orientation)
            for (length in content.indices) {
                assertTrue(
                    name,
                    headOf(ByteArrayInputStream(content.copyOf(length))).orientation in setOf(null, 1, orientation),
                )
                val damaged = content.copyOf().also { it[length] = (it[length].toInt() xor 0xff).toByte() }
                assertTrue(name, headOf(ByteArrayInputStream(damaged)).orientation.let { it == null || it in 1..8 })
            }
        }
    }
}
