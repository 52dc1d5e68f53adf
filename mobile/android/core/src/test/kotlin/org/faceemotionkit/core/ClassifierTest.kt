package org.faceemotionkit.core

import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test
import java.nio.ByteBuffer

class ClassifierTest {
    private val contract = ModelFolder.open(FolderFiles(MODELS), "small").contract()
    private val every = ByteArray(256) { it.toByte() }

    private fun written(type: TensorType, scale: Float, zeroPoint: Int): List<Int> {
        val tensor = TensorInfo(listOf(256), type, scale, zeroPoint, 256)
        val buffer = bufferOf(tensor)
        Quantiser(tensor).writeGrey(every, buffer)
        return List(256) { buffer.get(it).toInt() }
    }

    @Test
    fun `a uint8 input with a scale of a 255th takes bytes as they are`() {
        val levels = written(TensorType.UINT8, 1 / 255f, 0).map { it and 0xff }
        assertEquals(List(256) { it }, levels)
    }

    @Test
    fun `other scales and zero points are the file's own, int8 is signed`() {
        assertEquals(List(256) { it - 128 }, written(TensorType.INT8, 1 / 255f, -128))
        val coarse = written(TensorType.UINT8, 1 / 64f, 10).map { it and 0xff }
        assertEquals(listOf(10, 42, 74), listOf(coarse[0], coarse[128], coarse[255]))
        assertEquals("held to the range", 127, written(TensorType.INT8, 1 / 255f, 0).last())
    }

    @Test
    fun `answers are scale times the distance from the zero point`() {
        fun read(type: TensorType, zeroPoint: Int, vararg bytes: Byte) =
            Quantiser(TensorInfo(listOf(bytes.size), type, 0.5f, zeroPoint, bytes.size)).read(ByteBuffer.wrap(bytes))
        assertArrayEquals(floatArrayOf(0f, 127.5f, -1f), read(TensorType.UINT8, 0, 0, -1, 0).also { it[2] = -1f }, 0f)
        assertArrayEquals(floatArrayOf(63f, 62.5f), read(TensorType.UINT8, 2, -128, 127), 0f)
        assertArrayEquals(floatArrayOf(0f, 127.5f), read(TensorType.INT8, -128, -128, 127), 0f)
    }

    @Test
    fun `a float network takes grey shares and answers as it is`() {
        val tensor = TensorInfo(listOf(256), TensorType.FLOAT32, 0f, 0, 1024)
        val buffer = bufferOf(tensor)
        Quantiser(tensor).writeGrey(every, buffer)
        assertArrayEquals(FloatArray(256) { (it / 255.0).toFloat() }, Quantiser(tensor).read(buffer), 0f)
    }

    @Test
    fun `a quantised tensor without a scale is refused`() {
        for (type in listOf(TensorType.UINT8, TensorType.INT8)) {
            assertThrows(ModelDamagedException::class.java) { Quantiser(TensorInfo(listOf(1), type, 0f, 0, 1)) }
        }
    }

    /** The three classes and two heads of [logits], with the weights of the model small. */
    private fun twoHeads(kind: NormalizationKind = NormalizationKind.NONE, heads: Int = 2) = Contract(
        labels = listOf("one", "two", "three"),
        heads = listOf(Head.LABELS, Head.VOTES).take(heads),
        blend = doubleArrayOf(0.6348, 0.4729).copyOf(heads),
        sharpness = doubleArrayOf(1.0203, 1.8695).copyOf(heads),
        inputSize = 48,
        luma = contract.luma,
        crop = contract.crop,
        smoothing = contract.smoothing,
        normalization = Normalization(kind),
        unsureBelow = 0.0,
        baselineStrength = 0.0,
        reach = Reach.NEAR,
    )

    private val grey = ByteArray(48 * 48) { (it % 100).toByte() }
    private val logits = listOf(100, 50, 60, 10, 255, 0).map(Int::toByte).toByteArray()
    private val network = FakeBytes(listOf(ByteArray(3), logits), 0.03706762194633484f, 86)

    @Test
    fun `the heads' logits are weighted as the head that is asked for says`() {
        val expected = mapOf(
            Head.BOTH to floatArrayOf(0.04166954f, 0.94469625f, 0.013634207f),
            Head.LABELS to floatArrayOf(0.72989523f, 0.10976809f, 0.16033669f),
            Head.VOTES to floatArrayOf(0f, 1f, 0f),
        )
        for ((head, probabilities) in expected) {
            assertArrayEquals("$head", probabilities, Classifier(network, twoHeads(), head).probabilities(grey), 0f)
        }
        assertArrayEquals(expected[Head.BOTH], Classifier(network, twoHeads()).probabilities(grey), 0f)
        val signed = ByteArray(6) { (logits[it] - 128).toByte() }
        val int8 = FakeBytes(listOf(ByteArray(3), signed), 0.03706762194633484f, 86 - 128, TensorType.INT8)
        assertArrayEquals(expected[Head.BOTH], Classifier(int8, twoHeads()).probabilities(grey), 0f)
    }

    @Test
    fun `logits of a float network are weighted alike`() {
        val logits = listOf(1, 6) to floatArrayOf(1f, 2f, 3f, 0f, 0f, 0f)
        val network = FakeRunner(listOf(1, 48, 48, 1), listOf(listOf(1, 3) to FloatArray(3), logits))
        val found = Classifier(network, twoHeads(), Head.VOTES).probabilities(grey)
        assertArrayEquals(FloatArray(3) { 1 / 3f }, found, 1e-7f)
    }

    @Test
    fun `the network sees the crop normalised, and of the kind none as it is`() {
        Classifier(network, twoHeads()).probabilities(grey)
        assertArrayEquals(grey, network.given)
        Classifier(network, twoHeads(NormalizationKind.STRETCH)).probabilities(grey)
        // The levels 1 and 97 have 2 % of the pixels below and above them.
        assertEquals(
            listOf(10, 12, 127, 242, 244, 247),
            listOf(0, 1, 49, 97, 98, 99).map {
                network.given[it].toInt() and
                    0xff
            },
        )
    }

    @Test
    fun `a network of one head gives logits, or in format 1 probabilities alone`() {
        val one = FakeBytes(listOf(byteArrayOf(9, 9, 9), logits.copyOf(3)), 0.03706762194633484f, 86)
        val expected = floatArrayOf(0.72989523f, 0.10976809f, 0.16033669f)
        assertArrayEquals(expected, Classifier(one, twoHeads(heads = 1), Head.LABELS).probabilities(grey), 0f)
        val alone = FakeBytes(listOf(byteArrayOf(64, -128, 64)), 1 / 256f, 0)
        val shares = floatArrayOf(0.25f, 0.5f, 0.25f)
        assertArrayEquals(shares, Classifier(alone, twoHeads(heads = 1)).probabilities(grey), 0f)
    }

    @Test
    fun `a head that the model lacks is named, with those that it has`() {
        val missing = assertThrows(HeadMissingException::class.java) {
            Classifier(FakeBytes(listOf(ByteArray(3), ByteArray(3)), 1f, 0), twoHeads(heads = 1), Head.VOTES)
        }
        assertEquals("The model has no head VOTES: use LABELS or BOTH.", missing.message)
    }

    @Test
    fun `a network with other tensors is refused`() {
        fun floats(count: Int) = listOf(1, count) to FloatArray(count)
        val input = listOf(1, 48, 48, 1)
        val (answer, logits) = floats(7) to floats(14)
        for ((shape, outputs) in listOf(
            listOf(1, 64, 64, 1) to listOf(answer, logits),
            listOf(2, 48, 48, 1) to listOf(answer, logits),
            input to listOf(floats(3), floats(6)),
            input to emptyList(),
            input to listOf(answer),
            input to listOf(logits),
            input to listOf(answer, answer),
            input to listOf(logits, answer),
            input to listOf(answer, logits, answer),
        )) {
            assertThrows(ModelDamagedException::class.java) { Classifier(FakeRunner(shape, outputs), contract) }
        }
        val old = ModelFolder.open(FolderFiles(FORMAT1), "nano").contract()
        for (outputs in listOf(listOf(floats(3)), listOf(answer, logits), emptyList())) {
            assertThrows(ModelDamagedException::class.java) { Classifier(FakeRunner(input, outputs), old) }
        }
    }
}
