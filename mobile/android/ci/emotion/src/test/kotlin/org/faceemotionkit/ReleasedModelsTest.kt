package org.faceemotionkit

import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.decoded
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.faceemotionkit.testing.vectors
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.math.abs
import kotlin.math.max

/** The released files through the unchanged TfliteRunner, over XNNPACK's kernels on the JVM. */
class ReleasedModelsTest {
    private val model = ModelFolder.open(FolderFiles(MODELS), "small")
    private val faces = ModelFolder.open(FolderFiles(MODELS), "face_detector")
    private val pixels = model.contract().inputSize.let { it * it }
    private val classes = model.contract().labels.size

    private fun direct(size: Int) = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())

    /** The output bytes of each face. */
    private fun answers(greys: ByteArray): ByteArray = TfliteRunner(model.artifact("int8"), 1).use { runner ->
        val output = direct(classes)
        val found = ByteArray(greys.size / pixels * classes)
        for (index in 0 until greys.size / pixels) {
            val input = direct(pixels).put(greys, index * pixels, pixels)
            runner.run(input, listOf(output))
            output.get(found, index * classes, classes)
        }
        found
    }

    @Test
    fun `golden faces get the golden bytes`() {
        val golden = released("small/golden.json")
        val greys = golden.getJSONArray("faces").texts().flatMap { decoded(it).asList() }.toByteArray()
        val expected = golden.getJSONObject("int8").getJSONArray("outputs").lists()
        val found = answers(greys)
        val steps = golden.getJSONObject("tolerance").getInt("int8_steps")
        for ((index, outputs) in expected.withIndex()) {
            for ((k, level) in outputs.numbers().withIndex()) {
                val difference = abs(level.toInt() - (found[index * classes + k].toInt() and 0xff))
                assertTrue("face $index: $difference steps", difference <= steps)
            }
        }
    }

    @Test
    fun `a thousand varied faces get the bytes of Python's XNNPACK kernels`() {
        val entry = vectors().getJSONObject("classifier")
        val greys = entry.bytes("faces")
        val expected = entry.bytes("answers")
        assertTrue(greys.size / pixels >= 1000)
        val top = List(expected.size / classes) { face ->
            (0 until classes).maxByOrNull { expected[face * classes + it].toInt() and 0xff }
        }
        assertTrue("the faces are varied: ${top.groupingBy { it }.eachCount()}", top.toSet().size >= 5)
        assertArrayEquals(expected, answers(greys))
        val reference = entry.bytes("reference_answers")
        assertTrue("the reference kernels answer otherwise", reference.indices.any { reference[it] != expected[it] })
    }

    @Test
    fun `probabilities are Python's to the bit`() {
        val entry = vectors().getJSONObject("classifier")
        val expected = entry.floats("probabilities")
        val greys = entry.bytes("faces")
        Classifier(TfliteRunner(model.artifact("int8"), 1), model.contract()).use { classifier ->
            for (face in 0 until expected.size / classes) {
                val found = classifier.probabilities(greys.copyOfRange(face * pixels, (face + 1) * pixels))
                assertArrayEquals(expected.copyOfRange(face * classes, (face + 1) * classes), found, 0f)
            }
        }
    }

    @Test
    fun `BlazeFace's numbers are Python's to the bit`() {
        val runner = TfliteRunner(faces.artifact("tflite"), 1)
        val input = direct(runner.input.byteCount)
        val outputs = runner.outputs.map { direct(it.byteCount) }
        val entries = vectors().getJSONArray("detector").objects()
        assertTrue(entries.size >= 3)
        for (entry in entries) {
            input.asFloatBuffer().put(entry.floats("square"))
            runner.run(input, outputs)
            for ((info, buffer) in runner.outputs.zip(outputs)) {
                val expected = entry.floats(if (info.shape.last() == 1) "scores" else "boxes")
                val found = FloatArray(expected.size).also { buffer.asFloatBuffer().get(it) }
                assertArrayEquals(expected, found, 0f)
            }
        }
        runner.close()
    }

    @Test
    fun `golden frames have the golden faces`() {
        val golden = released("face_detector/golden.json")
        val tolerance = golden.getJSONObject("tolerance")
        val side = released("face_detector/manifest.json").getJSONObject("detector").getInt("input_size")
        Detector(TfliteRunner(faces.artifact("tflite"), 1), faces.detectorSettings()).use { detector ->
            for (entry in golden.getJSONArray("frames").objects()) {
                val found = detector.detect(entry.frame())
                val expected = entry.getJSONArray("faces").objects()
                assertEquals(entry.getString("name"), expected.size, found.size)
                val scale = side.toDouble() / max(entry.getInt("width"), entry.getInt("height"))
                for ((face, detection) in expected.zip(found)) {
                    val box = face.getJSONArray("box").box()
                    val limit = tolerance.getDouble("frame_square_pixels") / scale
                    assertEquals(box.xMin, detection.box.xMin, limit)
                    assertEquals(box.yMin, detection.box.yMin, limit)
                    assertEquals(box.xMax, detection.box.xMax, limit)
                    assertEquals(box.yMax, detection.box.yMax, limit)
                    assertEquals(face.getDouble("score"), detection.score, tolerance.getDouble("frame_score"))
                }
            }
        }
    }

    @Test
    fun `the files state the tensors that the manifest names`() {
        val artifact = released("small/manifest.json").getJSONObject("artifacts").getJSONObject("int8")
        TfliteRunner(model.artifact("int8"), 1).use { runner ->
            for ((name, info) in listOf("input" to runner.input, "output" to runner.outputs.single())) {
                val stated = artifact.getJSONObject(name)
                assertEquals(stated.getJSONArray("shape").numbers().map(Double::toInt), info.shape)
                assertEquals(stated.getString("type"), info.type.name.lowercase())
                assertEquals(stated.getDouble("scale").toFloat(), info.scale, 0f)
                assertEquals(stated.getInt("zero_point"), info.zeroPoint)
                assertEquals(info.shape.reduce(Int::times), info.byteCount)
            }
        }
    }
}
