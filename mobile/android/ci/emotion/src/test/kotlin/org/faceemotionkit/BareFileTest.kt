package org.faceemotionkit

import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.decoded
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.tensorflow.lite.Interpreter
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The README's lines for the bare file, on the released models. */
class BareFileTest {
    @Test
    fun `the lines normalise as the golden files say`() {
        for (name in RELEASED) {
            val golden = released("$name/golden.json")
            val expected = golden.getJSONArray("normalized").texts().map(::decoded)
            for ((index, face) in golden.getJSONArray("faces").texts().map(::decoded).withIndex()) {
                assertArrayEquals("$name, face $index", expected[index], normalized(face))
            }
        }
    }

    @Test
    fun `the lines give the golden answers to the bit`() {
        for (name in RELEASED) {
            val file = released("$name/golden.json")
            val contract = released("$name/manifest.json").getJSONObject("contract")
            val (labels, votes) = contract.getJSONArray("sharpness").numbers()
            val blends = mapOf(
                "both" to contract.getJSONArray("blend").numbers(),
                "labels" to listOf(labels, 0.0),
                "votes" to listOf(0.0, votes),
            )
            val expected = file.getJSONObject("int8").getJSONObject("probabilities")
            val content = MODELS.resolve("$name/int8.tflite").readBytes()
            val model = ByteBuffer.allocateDirect(content.size).order(ByteOrder.nativeOrder()).put(content)
            model.rewind()
            Interpreter(model, Interpreter.Options().setUseXNNPACK(true)).use { interpreter ->
                interpreter.allocateTensors()
                val faces = file.getJSONArray("faces").texts().map(::decoded)
                val found = blends.mapValues { (_, blend) -> faces.map { probabilities(interpreter, it, blend) } }
                for ((head, answers) in found) {
                    val golden = expected.getJSONArray(head).lists().map { it.floats().toList() }
                    assertEquals("$name, $head", golden, answers)
                }
                assertTrue(name, found.getValue("both").map { it.indexOf(it.max()) }.toSet().size >= 5)
            }
        }
    }
}
