package org.faceemotionkit

import org.faceemotionkit.core.FaceEmotionException
import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.ModelMissingException
import org.faceemotionkit.core.UnsupportedBufferException
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.MODELS
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.security.MessageDigest

/** Model files that do not fit, each refused by a sentence of its own. */
class UnfitModelsTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val faces = ModelSource.folder(MODELS.resolve("face_detector"))
    private val manifest get() = JSONObject(MODELS.resolve("nano/manifest.json").readText())
    private val content = MODELS.resolve("nano/int8.tflite").readBytes()

    private fun load(manifest: JSONObject, content: ByteArray) = EmotionRecognizer.load(
        RecognizerOptions {
            model(ModelSource.bytes(mapOf("manifest.json" to "$manifest".toByteArray(), "int8.tflite" to content)))
            detector(faces).threads(1)
        },
    )

    private fun refused(manifest: JSONObject, content: ByteArray = this.content): String {
        val error: FaceEmotionException =
            assertThrows(ModelDamagedException::class.java) { load(manifest, content).close() }
        assertEquals("one sentence", 1, error.message.orEmpty().lines().size)
        return error.message.orEmpty()
    }

    /** A manifest that names these bytes as its model: damage that no sha256 tells. */
    private fun naming(content: ByteArray) = manifest.also {
        val file = it.getJSONObject("artifacts").getJSONObject("int8").getJSONArray("files").getJSONObject(0)
        val digest = MessageDigest.getInstance("SHA-256").digest(content)
        file.put("bytes", content.size).put("sha256", digest.joinToString("") { byte -> "%02x".format(byte) })
    }

    @Test
    fun `the file as it was released loads`() = load(manifest, content).close()

    @Test
    fun `a file that is cut off or has another size is not the manifest's`() {
        val sentence = "bytes/int8.tflite is damaged or was changed: " +
            "its size or sha256 is not the one in bytes/manifest.json."
        for (other in listOf(content.copyOf(content.size / 2), content + 0, ByteArray(0))) {
            assertEquals(sentence, refused(manifest, other))
        }
    }

    @Test
    fun `a file that is cut off is refused by TensorFlow Lite where the manifest names it`() {
        for (size in listOf(8, 1000, content.size / 2)) { // what stands at its end is metadata, which nobody misses
            val cut = content.copyOf(size)
            assertEquals("bytes: TensorFlow Lite cannot read this model.", refused(naming(cut), cut))
        }
    }

    @Test
    fun `a file of other classes is refused by its names, of other heads or another input by its shapes`() {
        val fewer = manifest.also { it.getJSONObject("contract").put("labels", JSONArray(listOf("happy", "neutral"))) }
        val names = "bytes/manifest.json: contract.labels: [happy, neutral] where bytes/int8.tflite has [angry, "
        assertTrue(refused(fewer), refused(fewer).startsWith(names))
        val shapes = "The model's outputs have the shapes [[1, 7], [1, 14]] where"
        val one = manifest.also { value ->
            val contract = value.getJSONObject("contract").put("heads", JSONArray(listOf("labels")))
            contract.put("blend", JSONArray(listOf(1))).put("sharpness", JSONArray(listOf(1)))
        }
        assertEquals("$shapes [[1, 7], [1, 7]] are expected.", refused(one))
        val larger = manifest.also { it.getJSONObject("contract").put("input_size", 64) }
        val expected = "The model's input has the shape [1, 48, 48, 1] where [1, 64, 64, 1] is expected."
        assertEquals(expected, refused(larger))
    }

    @Test
    fun `the detector's file in the classifier's place is refused`() {
        val near = MODELS.resolve("face_detector/near.tflite").readBytes()
        assertTrue(refused(naming(near), near).startsWith("The model's input has the shape [1, 160, 160, 3]"))
    }

    @Test
    fun `a manifest of format 3 is refused, one of format 1 loads`() {
        val sentence = "bytes/manifest.json: format: 1 or 2, as the released models have it, is expected."
        assertEquals(sentence, refused(manifest.put("format", 3)))
        val old = JSONObject(FORMAT1.resolve("nano/manifest.json").readText())
        assertEquals(1, old.getInt("format"))
        load(old, FORMAT1.resolve("nano/int8.tflite").readBytes()).close()
    }

    @Test
    fun `buffers that a tensor does not fit are refused by name, and the runner goes on`() {
        fun direct(size: Int) = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())
        TfliteRunner(content, 1).use { runner ->
            val input = direct(48 * 48)
            val outputs = listOf(direct(7), direct(14))
            val other = listOf(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN).first { it != ByteOrder.nativeOrder() }
            val refused = mapOf(
                "The buffer for input has 2303 bytes where 2304 are expected." to (direct(2303) to outputs),
                "The buffer for input lies on the heap where a direct one is expected." to
                    (ByteBuffer.allocate(2304).order(ByteOrder.nativeOrder()) to outputs),
                "The buffer for input is in $other where native order is expected." to
                    (direct(2304).order(other) to outputs),
                "The buffer for output 1 has 13 bytes where 14 are expected." to
                    (input to listOf(direct(7), direct(13))),
                "1 output buffers where 2 are expected." to (input to outputs.take(1)),
            )
            for ((sentence, buffers) in refused) {
                val error = assertThrows(UnsupportedBufferException::class.java) {
                    runner.run(buffers.first, buffers.second)
                }
                assertEquals(sentence, error.message)
            }
            runner.run(input, outputs)
            // A slice that begins at an odd address has the same answer.
            val slice = (direct(2305).position(1) as ByteBuffer).slice().order(ByteOrder.nativeOrder())
            val again = listOf(direct(7), direct(14))
            runner.run(slice, again)
            assertEquals(outputs, again)
        }
    }

    @Test
    fun `missing and tampered files are refused by name`() {
        val root = folder.newFolder("kit")

        fun load() = loadFrom(root, "small")
        val files = listOf("small/int8.tflite", "face_detector/near.tflite", "face_detector/far.tflite")
        for (name in listOf("small/manifest.json", "face_detector/manifest.json") + files) {
            val missing = assertThrows(ModelMissingException::class.java) { load() }
            assertTrue(missing.message, missing.message.orEmpty().startsWith("$root/$name"))
            MODELS.resolve(name).copyTo(root.resolve(name))
        }
        load().close()
        for (name in files) {
            val file = root.resolve(name)
            val content = file.readBytes()
            file.writeBytes(content.copyOf().also { it[9999] = (it[9999] + 1).toByte() })
            val damaged = assertThrows(ModelDamagedException::class.java) { load() }
            assertTrue(damaged.message, damaged.message.orEmpty().startsWith("$root/$name"))
            file.writeBytes(content)
        }
        assertThrows(ModelMissingException::class.java) {
            loadFrom(root, "large")
        }
    }
}
