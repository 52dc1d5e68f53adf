/* What the tests of core and emotion compare with: the released golden files, and what Python computed for this run. */
package org.faceemotionkit.testing

import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.ArgbSource
import org.faceemotionkit.core.Box
import org.faceemotionkit.core.FileSource
import org.faceemotionkit.core.Point
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assume.assumeTrue
import java.io.File
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.Base64

/** The repository's models/, which the build names by the system property `models`. */
val MODELS: File =
    File(checkNotNull(System.getProperty("models")) { "run with -Dmodels=/path/of/the/repository/models" })

/** The released models, each a folder in [MODELS]. */
val RELEASED = listOf("nano", "small", "base")

/** Folders of the model nano and of the face detector as they were released in format 1. */
val FORMAT1: File = MODELS.resolveSibling("tests/support/format1")

/** A released golden file or manifest. */
fun released(name: String): JSONObject = JSONObject(MODELS.resolve(name).readText())

/**
 * What tests/support/android.py wrote for this run. A test that needs it is left out where it was not written, which
 * tests/mobile/test_android.py does not accept.
 */
fun vectors(): JSONObject {
    val path = System.getProperty("vectors").orEmpty()
    assumeTrue(
        "python -m pytest tests/mobile/test_android.py writes the vectors that this test compares with",
        path.isNotEmpty(),
    )
    return VECTORS
}

private val VECTORS by lazy { JSONObject(File(System.getProperty("vectors")).readText()) } // large: read once

/** A folder of the JVM in place of an app's assets. */
class FolderFiles(private val folder: File) : FileSource {
    override fun open(path: String): InputStream = folder.resolve(path).inputStream()
}

fun JSONArray.numbers(): List<Double> = List(length()) { getDouble(it) }

fun JSONArray.texts(): List<String> = List(length()) { getString(it) }

fun JSONArray.objects(): List<JSONObject> = List(length()) { getJSONObject(it) }

fun JSONArray.lists(): List<JSONArray> = List(length()) { getJSONArray(it) }

fun JSONArray.box(): Box = numbers().let { (xMin, yMin, xMax, yMax) -> Box(xMin, yMin, xMax, yMax) }

fun JSONArray.point(): Point = numbers().let { (x, y) -> Point(x, y) }

/** Numbers that are float32, written out in full. */
fun JSONArray.floats(): FloatArray = FloatArray(length()) { getDouble(it).toFloat() }

/** Byte values 0..255, a row of them after the other. */
fun JSONArray.levels(): ByteArray = lists().flatMap { row -> row.numbers().map { it.toInt().toByte() } }.toByteArray()

fun JSONObject.bytes(name: String): ByteArray = decoded(getString(name))

fun JSONObject.floats(name: String): FloatArray {
    val numbers = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
    return FloatArray(numbers.remaining()).also { numbers.get(it) }
}

fun decoded(text: String): ByteArray = Base64.getDecoder().decode(text)

/** The image of an entry with width, height and base64 rgb, or bytes of one or three channels. */
fun JSONObject.frame(): ArgbFrame = frameOf(rgb(), getInt("width"), getInt("height"))

/** Its red, green and blue bytes, row by row. */
fun JSONObject.rgb(): ByteArray {
    if (has("rgb")) return bytes("rgb")
    val levels = bytes("bytes")
    return if (getInt("channels") == 3) levels else ByteArray(3 * levels.size) { levels[it / 3] }
}

/** An image of red, green and blue bytes, row by row. */
fun frameOf(rgb: ByteArray, width: Int, height: Int): ArgbFrame {
    require(rgb.size == 3 * width * height)
    return ArgbFrame(object : ArgbSource {
        override val width = width
        override val height = height

        override fun read(row: Int, left: Int, columns: Int, pixels: IntArray) {
            for (column in 0 until columns) {
                val at = 3 * (row * width + left + column)
                fun level(channel: Int) = rgb[at + channel].toInt() and 0xff
                pixels[column] = level(0) shl 16 or (level(1) shl 8) or level(2)
            }
        }
    })
}

/** The largest difference of two lists of grey levels 0..255. */
fun greyDifference(one: ByteArray, other: ByteArray): Int {
    require(one.size == other.size)
    return one.indices.maxOf { Math.abs((one[it].toInt() and 0xff) - (other[it].toInt() and 0xff)) }
}
