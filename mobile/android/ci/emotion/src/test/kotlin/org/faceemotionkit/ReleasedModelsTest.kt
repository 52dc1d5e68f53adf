package org.faceemotionkit

import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.HeadMissingException
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.decoded
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.levels
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.faceemotionkit.testing.vectors
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The released files through the unchanged TfliteRunner, over XNNPACK's kernels on the JVM. */
class ReleasedModelsTest {
    private val models = RELEASED.associateWith { ModelFolder.open(FolderFiles(MODELS), it) }
    private val small = models.getValue("small")
    private val pixels = small.contract().inputSize.let { it * it }

    private fun direct(size: Int) = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())

    private fun decodedAll(texts: JSONArray) = texts.texts().flatMap { decoded(it).asList() }.toByteArray()

    /** The bytes of each output for faces that are normalised, one face's behind the other's. */
    private fun answers(model: ModelFolder, greys: ByteArray): List<ByteArray> =
        TfliteRunner(model.artifact("int8"), 1).use { runner ->
            val buffers = runner.outputs.map { direct(it.byteCount) }
            val count = greys.size / pixels
            val found = runner.outputs.map { ByteArray(count * it.byteCount) }
            for (index in 0 until count) {
                runner.run(direct(pixels).put(greys, index * pixels, pixels), buffers)
                for ((bytes, buffer) in found.zip(buffers)) {
                    buffer.get(bytes, index * buffer.capacity(), buffer.capacity())
                }
            }
            found
        }

    /** Asserts that every face's probabilities are the expected ones to the bit; an expectation every [step] faces. */
    private fun assertAnswers(model: ModelFolder, head: Head, greys: ByteArray, expected: FloatArray, step: Int = 1) {
        val contract = model.contract()
        val classes = contract.labels.size
        Classifier(TfliteRunner(model.artifact("int8"), 1), contract, head).use { classifier ->
            assertEquals(greys.size / pixels, expected.size / classes * step)
            for (face in 0 until expected.size / classes) {
                val start = face * step * pixels
                val found = classifier.probabilities(greys.copyOfRange(start, start + pixels))
                assertArrayEquals("$head", expected.copyOfRange(face * classes, (face + 1) * classes), found, 0f)
            }
        }
    }

    @Test
    fun `golden files are about the contract's labels and heads`() {
        for ((name, model) in models) {
            val golden = released("$name/golden.json")
            assertEquals(name, golden.getJSONArray("labels").texts(), model.contract().labels)
            assertEquals(listOf("labels", "votes"), golden.getJSONArray("heads").texts())
            assertEquals(listOf(Head.LABELS, Head.VOTES), model.contract().heads)
        }
    }

    @Test
    fun `golden faces get the golden bytes of both outputs`() {
        for ((name, model) in models) {
            val golden = released("$name/golden.json")
            assertEquals(0, golden.getJSONObject("tolerance").getInt("int8_steps"))
            val int8 = golden.getJSONObject("int8")
            val (outputs, logits) = answers(model, decodedAll(golden.getJSONArray("normalized")))
            assertArrayEquals(name, int8.getJSONArray("logits").levels(), logits)
            assertArrayEquals(name, int8.getJSONArray("outputs").levels(), outputs)
        }
    }

    @Test
    fun `golden faces get the golden answers of every head to the bit`() {
        for ((name, model) in models) {
            val golden = released("$name/golden.json")
            val greys = decodedAll(golden.getJSONArray("faces"))
            val expected = golden.getJSONObject("int8").getJSONObject("probabilities")
            assertEquals(setOf("both", "labels", "votes"), expected.keySet())
            for ((head, entry) in HEADS) {
                val rows = expected.getJSONArray(entry).lists().map(JSONArray::floats)
                assertAnswers(model, head, greys, rows.reduce(FloatArray::plus))
            }
        }
    }

    @Test
    fun `a model of format 1 gets its golden bytes and answers`() {
        val model = ModelFolder.open(FolderFiles(FORMAT1), "nano")
        val golden = JSONObject(FORMAT1.resolve("nano/golden.json").readText())
        val greys = decodedAll(golden.getJSONArray("faces"))
        val expected = golden.getJSONObject("int8").getJSONArray("outputs").levels()
        assertArrayEquals(expected, answers(model, greys).single())
        val shares = FloatArray(expected.size) { (expected[it].toInt() and 0xff) / 256f }
        for (head in listOf(Head.BOTH, Head.LABELS)) assertAnswers(model, head, greys, shares)
        TfliteRunner(model.artifact("int8"), 1).use { runner ->
            assertThrows(HeadMissingException::class.java) { Classifier(runner, model.contract(), Head.VOTES) }
        }
    }

    @Test
    fun `a thousand varied faces get the bytes of Python's XNNPACK kernels from every model`() {
        val entry = vectors().getJSONObject("classifier")
        val classified = entry.getJSONObject("models")
        assertEquals(models.keys, classified.keySet())
        for ((name, model) in models) {
            assertBytes(
                name,
                model,
                entry.bytes("normalized"),
                classified.getJSONObject(name),
            )
        }
    }

    private fun assertBytes(name: String, model: ModelFolder, greys: ByteArray, entry: JSONObject) {
        val (expected, expectedLogits) = entry.bytes("outputs") to entry.bytes("logits")
        assertTrue(greys.size / pixels >= 1000)
        val classes = model.contract().labels.size
        val top = List(expected.size / classes) { face ->
            (0 until classes).maxByOrNull { expected[face * classes + it].toInt() and 0xff }
        }
        assertTrue("$name: the faces are varied: ${top.groupingBy { it }.eachCount()}", top.toSet().size >= 5)
        val (outputs, logits) = answers(model, greys)
        assertArrayEquals(name, expectedLogits, logits)
        assertArrayEquals(name, expected, outputs)
        val reference = entry.bytes("reference_logits")
        assertTrue("the reference kernels answer otherwise", reference.indices.any { reference[it] != logits[it] })
    }

    @Test
    fun `every head's probabilities are Python's to the bit`() {
        val entry = vectors().getJSONObject("classifier")
        val greys = entry.bytes("faces")
        for ((name, model) in models) {
            val probabilities = entry.getJSONObject("models").getJSONObject(name).getJSONObject("probabilities")
            for ((head, title) in HEADS) assertAnswers(model, head, greys, probabilities.floats(title), step = 20)
        }
    }

    @Test
    fun `the files state the tensors that the manifest names`() {
        for ((name, model) in models) {
            val artifact = released("$name/manifest.json").getJSONObject("artifacts").getJSONObject("int8")
            val outputs = artifact.getJSONArray("outputs").objects()
            assertEquals(listOf("probabilities", "logits"), outputs.map { it.getString("name") })
            TfliteRunner(model.artifact("int8"), 1).use { runner ->
                val stated = outputs + artifact.getJSONObject("input")
                assertEquals(stated.size, runner.outputs.size + 1)
                for ((tensor, info) in stated.zip(runner.outputs + runner.input)) {
                    assertEquals(tensor.getJSONArray("shape").numbers().map(Double::toInt), info.shape)
                    assertEquals(tensor.getString("type"), info.type.name.lowercase())
                    assertEquals(tensor.getDouble("scale").toFloat(), info.scale, 0f)
                    assertEquals(tensor.getInt("zero_point"), info.zeroPoint)
                    assertEquals(info.shape.reduce(Int::times), info.byteCount)
                }
            }
        }
    }

    private companion object {
        /** What golden files call each head's answer. */
        val HEADS = listOf(Head.BOTH to "both", Head.LABELS to "labels", Head.VOTES to "votes")
    }
}
