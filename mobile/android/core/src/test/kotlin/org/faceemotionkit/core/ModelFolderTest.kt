package org.faceemotionkit.core

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
    fun `an unusable entry is refused by its file and path`() {
        val entries = mapOf(
            "labels" to JSONArray(listOf("one")), "labels " to JSONArray(listOf("one", "One")),
            "labels  " to JSONArray(listOf("one", 2)), "input_size" to 48.5, "luma" to JSONArray(listOf(1, 0)),
            "crop" to JSONObject.NULL, "crop.box_width" to 0, "crop.max_samples" to 1.5, "crop.box_center" to "middle",
            "smoothing.switch_margin" to 2, "smoothing.time_constant" to "0.3",
            "smoothing.reset_after" to JSONObject.NULL,
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
    fun `the detector's settings are refused entry by entry`() {
        for ((key, value) in mapOf(
            "anchors" to JSONArray(),
            "input_size" to 0,
            "keypoints" to JSONArray(listOf("nose_tip")),
            "score_clip" to "1",
            "iou_threshold" to 1.5,
            "score_threshold" to JSONObject.NULL,
        )) {
            val manifest = released("face_detector/manifest.json")
            manifest.getJSONObject("detector").put(key, value)
            model.mkdirs()
            model.resolve("manifest.json").writeText(manifest.toString())
            val message = damaged { open().detectorSettings() }
            assertTrue(message, message.startsWith("model/manifest.json: detector.$key"))
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
    fun `a manifest that is missing, no JSON or of another format is refused`() {
        assertThrows(ModelMissingException::class.java) { open() }
        model.mkdirs()
        for (text in listOf("", "<html>", "[]", "null", "{", "{\"format\": 2}", "{}", "\u0000\u0001")) {
            model.resolve("manifest.json").writeText(text)
            assertTrue(text, damaged { open() }.startsWith("model/manifest.json"))
        }
    }
}
