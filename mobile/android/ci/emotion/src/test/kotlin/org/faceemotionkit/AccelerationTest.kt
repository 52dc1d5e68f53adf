package org.faceemotionkit

import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.KernelCheck
import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

class AccelerationTest {
    @get:Rule
    val folder = TemporaryFolder()

    private fun classifier(model: ModelFolder, xnnpack: Boolean) =
        Classifier(TfliteRunner(model.artifact("int8"), 1, xnnpack = xnnpack), model.contract())

    @Test
    fun `every released model is seen to run on XNNPACK, and without it, which is said once`() {
        val said = mutableListOf<String>()
        val acceleration = Acceleration(said::add)
        for (name in RELEASED) {
            val model = ModelFolder.open(FolderFiles(MODELS), name)
            val check = KernelCheck.of(model)
            classifier(model, xnnpack = true).use { assertEquals(name, true, acceleration.of(it, check)) }
            classifier(model, xnnpack = false).use { assertEquals(name, false, acceleration.of(it, check)) }
        }
        assertTrue(said.single(), said.single().startsWith("TensorFlow Lite runs the model without XNNPACK"))
    }

    @Test
    fun `a recognizer knows of a released model, and not of one without the file`() {
        loadFrom(MODELS, "small").use {
            assertEquals(true, it.isAccelerated)
        }
        val root = folder.newFolder("kit")
        FORMAT1.resolve("nano").copyRecursively(root.resolve("nano"))
        MODELS.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        loadFrom(root, "nano").use {
            assertNull(it.isAccelerated)
        }
    }

    @Test
    fun `a damaged file, and one about another model, are refused by name`() {
        val root = folder.newFolder("kit")
        for (name in listOf("manifest.json", "int8.tflite")) {
            MODELS.resolve("small/$name").copyTo(root.resolve("small/$name"))
        }
        val released = MODELS.resolve("small/kernels.json").readText()
        for ((content, entry) in listOf(
            MODELS.resolve("nano/kernels.json").readText() to "model: the sha256 of the int8 file is expected.",
            released.replace("\"format\": 1", "\"format\": 2") to "format: 1 is expected.",
            released.replaceFirst(Regex("\"number\": \\d+"), "\"number\": -1") to "number: a whole number from 0",
            released.replaceFirst(Regex("\"logits\": \\[\\s*\\d+"), "\"logits\": [256") to "logits: a list of whole",
            released.dropLast(9) to "is not a JSON object",
        )) {
            root.resolve("small/kernels.json").writeText(content)
            val model = ModelFolder.open(FolderFiles(folder.root), "kit/small")
            val message = assertThrows(ModelDamagedException::class.java) { KernelCheck.of(model) }.message.orEmpty()
            assertTrue(message, message.startsWith("kit/small/kernels.json") && entry in message)
        }
    }
}
