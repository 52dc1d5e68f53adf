package org.faceemotionkit.core

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

    @Test
    fun `a network with other tensors is refused`() {
        val answer = listOf(1, contract.labels.size) to FloatArray(contract.labels.size)
        val input = listOf(1, 48, 48, 1)
        for ((shape, outputs) in listOf(
            listOf(1, 64, 64, 1) to listOf(answer),
            listOf(2, 48, 48, 1) to listOf(answer),
            input to listOf(listOf(1, 3) to FloatArray(3)),
            input to emptyList(),
            input to listOf(answer, answer),
        )) {
            assertThrows(ModelDamagedException::class.java) { Classifier(FakeRunner(shape, outputs), contract) }
        }
    }
}
