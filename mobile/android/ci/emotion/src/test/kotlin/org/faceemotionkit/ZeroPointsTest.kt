package org.faceemotionkit

import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.vectors
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class ZeroPointsTest {
    private val entry = vectors().getJSONObject("zero_points")
    private val contract = ModelFolder.open(FolderFiles(MODELS), "small").contract()

    @Test
    fun `a network with other zero points than 0 gives Python's answers to the bit`() {
        val runner = TfliteRunner(entry.bytes("tflite"), 1)
        val stated = listOf(runner.input.zeroPoint, runner.outputs.last().zeroPoint)
        assertEquals(entry.getJSONArray("zero_points").numbers().map(Double::toInt), stated)
        assertTrue("$stated", stated.all { it > 0 })
        val faces = entry.bytes("faces")
        val expected = entry.floats("probabilities")
        val (size, classes) = contract.inputSize * contract.inputSize to contract.labels.size
        assertEquals(40, faces.size / size)
        Classifier(runner, contract).use { classifier ->
            for (face in 0 until faces.size / size) {
                val found = classifier.probabilities(faces.copyOfRange(face * size, (face + 1) * size))
                assertArrayEquals(expected.copyOfRange(face * classes, (face + 1) * classes), found, 0f)
            }
        }
    }
}
