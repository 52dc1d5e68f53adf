package org.faceemotionkit.core

import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.zip.DataFormatException

class ModelFolderTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val model get() = folder.root.resolve("model")

    /** Copies the released model's manifest, changed by [edit], and its int8 file into model/. */
    private fun copy(edit: (JSONObject) -> Unit = {}): ModelFolder {
        model.mkdirs()
        model.resolve("manifest.json").writeText(released("small/manifest.json").also(edit).toString())
        MODELS.resolve("small/int8.tflite").copyTo(model.resolve("int8.tflite"), overwrite = true)
        return open()
    }

    private fun open() = ModelFolder.open(FolderFiles(folder.root), "model")

    private fun damaged(call: () -> Unit): String =
        assertThrows(ModelDamagedException::class.java) { call() }.message.orEmpty()

    @Test
    fun `the contract is read entry by entry`() {
        val contract = copy().contract()
        val json = released("small/manifest.json").getJSONObject("contract")
        assertEquals(json.getJSONArray("labels").texts(), contract.labels)
        assertEquals(json.getInt("input_size"), contract.inputSize)
        assertEquals(json.getJSONArray("luma").getDouble(1), contract.luma[1], 0.0)
        assertEquals(json.getJSONObject("crop").getDouble("box_width"), contract.crop.boxWidth, 0.0)
        assertEquals(json.getJSONObject("crop").getJSONArray("box_center").getDouble(1), contract.crop.centerY, 0.0)
        assertEquals(json.getJSONObject("crop").getInt("max_samples"), contract.crop.maxSamples)
        assertEquals(json.getJSONObject("smoothing").getDouble("time_constant"), contract.smoothing.timeConstant, 0.0)
        assertEquals(json.getJSONObject("smoothing").getDouble("switch_margin"), contract.smoothing.switchMargin, 0.0)
        assertEquals(json.getJSONObject("smoothing").getDouble("reset_after"), contract.smoothing.resetAfter, 0.0)
    }

    @Test
    fun `a file that carries other class names than the manifest is refused`() {
        assertEquals(397835, copy().artifact("int8").size)
        val swapped = copy { manifest ->
            val labels = manifest.getJSONObject("contract").getJSONArray("labels")
            labels.put(0, "happy").put(3, "angry")
        }
        assertEquals(
            "model/manifest.json: contract.labels: [happy, disgust, fear, angry, sad, surprise, neutral] where " +
                "model/int8.tflite has [angry, disgust, fear, happy, sad, surprise, neutral]: use its own manifest.",
            damaged { swapped.artifact("int8") },
        )
    }

    @Test
    fun `damaged class names are refused and files without any are taken`() {
        val content = MODELS.resolve("small/int8.tflite").readBytes()
        assertEquals(listOf("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"), carriedLabels(content))
        assertEquals(null, carriedLabels(ByteArray(10)))
        assertEquals(null, carriedLabels(content.copyOf(content.size - 1)))
        for (place in listOf(content.size - 10, content.size - 6)) { // the directory's length and address
            for (value in listOf(-1, 0x7f, 0x80)) {
                val other = content.copyOf()
                for (byte in 0..3) other[place + byte] = value.toByte()
                val end = runCatching { carriedLabels(other) }.exceptionOrNull()
                assertTrue("$end", end == null || end is DataFormatException)
            }
        }
    }

    @Test
    fun `what came with format 2 is read entry by entry`() {
        val contract = copy { manifest ->
            val entries = manifest.getJSONObject("contract")
            entries.put("blend", JSONArray(listOf(0.25, 3))).put("sharpness", JSONArray(listOf(0.9, 1.5)))
            entries.put("unsure_below", 0.4).put("baseline_strength", 0.7).put("reach", "far")
            val normalization = entries.getJSONObject("normalization").put("kind", "stretch").put("tail_permille", 30)
            normalization.put("low", 5).put("high", 250).put("smallest_range", 9)
        }.contract()
        assertEquals(listOf(Head.LABELS, Head.VOTES), contract.heads)
        assertArrayEquals(doubleArrayOf(0.25, 3.0), contract.weights(Head.BOTH), 0.0)
        assertArrayEquals(doubleArrayOf(0.9, 0.0), contract.weights(Head.LABELS), 0.0)
        assertArrayEquals(doubleArrayOf(0.0, 1.5), contract.weights(Head.VOTES), 0.0)
        assertEquals(NormalizationKind.STRETCH, contract.normalization.kind)
        val levels = contract.normalization.run { listOf(tailPermille, low, high, smallestRange) }
        assertEquals(listOf(30, 5, 250, 9), levels)
        assertEquals(listOf(0.4, 0.7), listOf(contract.unsureBelow, contract.baselineStrength))
        assertEquals(Reach.FAR, contract.reach)
    }

    @Test
    fun `a network may have one head alone`() {
        for (head in listOf(Head.LABELS, Head.VOTES)) {
            val contract = copy { manifest ->
                val entries = manifest.getJSONObject("contract").put("heads", JSONArray(listOf(head.entry)))
                entries.put("blend", JSONArray(listOf(2))).put("sharpness", JSONArray(listOf(1.25)))
                entries.getJSONObject("normalization").put("kind", "none")
            }.contract()
            assertEquals(listOf(head), contract.heads)
            assertArrayEquals(doubleArrayOf(2.0), contract.weights(Head.BOTH), 0.0)
            assertArrayEquals(doubleArrayOf(1.25), contract.weights(head), 0.0)
            assertEquals(NormalizationKind.NONE, contract.normalization.kind)
            val other = if (head == Head.LABELS) Head.VOTES else Head.LABELS
            assertThrows(HeadMissingException::class.java) { contract.weights(other) }
        }
    }

    @Test
    fun `format 1 means one head, and no normalisation`() {
        val contract = ModelFolder.open(FolderFiles(FORMAT1), "nano").contract()
        assertEquals(listOf(Head.LABELS), contract.heads)
        assertArrayEquals(doubleArrayOf(1.0), contract.weights(Head.BOTH), 0.0)
        assertArrayEquals(doubleArrayOf(1.0), contract.weights(Head.LABELS), 0.0)
        assertEquals(NormalizationKind.NONE, contract.normalization.kind)
        assertEquals(listOf(0.0, 0.0), listOf(contract.unsureBelow, contract.baselineStrength))
        assertEquals(Reach.NEAR, contract.reach)
        assertEquals(0.83, contract.crop.boxWidth, 0.0)
    }

    @Test
    fun `a manifest of one format with the entries of the other is refused`() {
        val entries =
            listOf("heads", "blend", "sharpness", "normalization", "unsure_below", "baseline_strength", "reach")
        for (entry in entries) {
            val lacking = copy { it.getJSONObject("contract").remove(entry) }
            assertTrue(damaged { lacking.contract() }.startsWith("model/manifest.json: contract.$entry"))
            val ahead = copy { manifest ->
                manifest.put("format", 1)
                (entries - entry).forEach(manifest.getJSONObject("contract")::remove)
            }
            val message = damaged { ahead.contract() }
            assertEquals("model/manifest.json: contract.$entry: a manifest of format 2 is expected.", message)
        }
    }

    @Test
    fun `an unusable entry is refused by its file and path`() {
        val entries = mapOf(
            "labels" to JSONArray(listOf("one")), "labels " to JSONArray(listOf("one", "One")),
            "labels  " to JSONArray(listOf("one", 2)), "input_size" to 48.5, "luma" to JSONArray(listOf(1, 0)),
            "crop" to JSONObject.NULL, "crop.box_width" to 0, "crop.max_samples" to 1.5, "crop.box_center" to "middle",
            "smoothing.switch_margin" to 2, "smoothing.time_constant" to "0.3",
            "smoothing.reset_after" to JSONObject.NULL,
            "heads" to JSONArray(), "heads " to JSONArray(listOf("votes", "labels")), "heads  " to "labels",
            "heads   " to JSONArray(listOf("labels", "mood")), "heads    " to JSONArray(listOf("Labels", "Votes")),
            "blend" to JSONArray(listOf(1)), "blend " to JSONArray(listOf(0, 0)), "blend  " to 1,
            "blend   " to JSONArray(listOf(1, -1)), "blend    " to JSONArray(listOf(1, 101)),
            "sharpness" to JSONArray(listOf(1, 0)), "sharpness " to JSONArray(listOf(1, 1, 1)),
            "sharpness  " to JSONArray(listOf(1, true)),
            "normalization" to JSONObject(), "normalization.kind" to "shrink", "normalization.tail_permille" to 500,
            "normalization.low" to 242, "normalization.low " to -1, "normalization.high" to 256,
            "normalization.smallest_range" to 0, "normalization.smallest_range " to 2.5,
            "unsure_below" to 1.1, "baseline_strength" to "0", "reach" to "middle", "reach " to 1,
        )
        for ((path, value) in entries) {
            val keys = "contract.${path.trim()}".split('.')
            val folder = copy { manifest ->
                keys.dropLast(1).fold(manifest) { entry, key -> entry.getJSONObject(key) }.put(keys.last(), value)
            }
            val message = damaged { folder.contract() }
            assertTrue("$path: $message", message.startsWith("model/manifest.json: contract.${path.trim()}"))
        }
    }

    @Test
    fun `a file is given out only if its size and sha256 are the manifest's`() {
        val released = MODELS.resolve("small/int8.tflite").readBytes()
        assertArrayEquals(released, copy().artifact("int8"))
        val changed = released.copyOf().also { it[it.size / 2] = (it[it.size / 2] + 1).toByte() }
        for (content in listOf(changed, released + 0, released.copyOf(released.size - 1), ByteArray(0))) {
            model.resolve("int8.tflite").writeBytes(content)
            val message = damaged { open().artifact("int8") }
            assertTrue(message, message.startsWith("model/int8.tflite is damaged or was changed"))
        }
        model.resolve("int8.tflite").delete()
        val missing = assertThrows(ModelMissingException::class.java) { open().artifact("int8") }
        assertTrue(missing.message.orEmpty().startsWith("model/int8.tflite is missing"))
    }

    @Test
    fun `an artifact that the manifest describes badly is refused by its entry`() {
        fun file(manifest: JSONObject) =
            manifest.getJSONObject("artifacts").getJSONObject("int8").getJSONArray("files").getJSONObject(0)
        val edits = mapOf<String, (JSONObject) -> Unit>(
            "file" to { file(it).put("file", "../int8.tflite") },
            "file " to { file(it).put("file", "/etc/passwd") },
            "file  " to { file(it).put("file", "") },
            "bytes" to { file(it).put("bytes", "many") },
            "sha256" to { file(it).remove("sha256") },
        )
        for ((entry, edit) in edits) {
            val message = damaged { copy(edit).artifact("int8") }
            assertTrue(message, message.startsWith("model/manifest.json: artifacts.int8.files[0]: ${entry.trim()}"))
        }
        assertTrue(damaged { copy().artifact("tfjs") }.contains("artifacts.tfjs.files: one file"))
        assertTrue(damaged { copy().artifact("int4") }.contains("artifacts.int4.files"))
    }

    @Test
    fun `a folder may be named with its slash or by its manifest`() {
        copy()
        for (name in listOf("model", "model/", "model/manifest.json")) {
            val opened = ModelFolder.open(FolderFiles(folder.root), name)
            assertEquals(name, "model", opened.path)
            assertEquals(name, 397835, opened.artifact("int8").size)
        }
    }

    @Test
    fun `a manifest that is missing, no JSON or of another format is refused`() {
        assertThrows(ModelMissingException::class.java) { open() }
        model.mkdirs()
        val deep = listOf("{\"a\":".repeat(100_000), "{\"a\":" + "[".repeat(100_000))
        for (text in listOf("", "<html>", "[]", "null", "{", "{}", "\u0000\u0001") + deep) {
            model.resolve("manifest.json").writeText(text)
            assertTrue(text.take(200), damaged { open() }.startsWith("model/manifest.json"))
        }
        for (format in listOf("3", "0", "1.5", "\"2\"", "null", "4294967297")) {
            model.resolve("manifest.json").writeText("{\"format\": $format}")
            val message = damaged { open() }
            assertTrue("$format: $message", message.startsWith("model/manifest.json: format: "))
        }
        model.resolve("manifest.json").writeText("{\"format\": 3}")
        val expected = "1 or 2, as the released models have it, is expected."
        assertEquals("model/manifest.json: format: $expected", damaged { open() })
    }
}
