package org.faceemotionkit

import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.TensorType
import org.faceemotionkit.core.UnsupportedBufferException
import org.faceemotionkit.testing.MODELS
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import java.nio.ByteOrder

class TfliteRunnerTest {
    private val released = MODELS.resolve("small/int8.tflite").readBytes()

    private fun direct(size: Int) = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())

    @Test
    fun `content that is no model is refused`() {
        val random = ByteArray(4000).also(java.util.Random(2)::nextBytes)
        val page = "<html>".repeat(99).toByteArray()
        for (content in listOf(ByteArray(0), ByteArray(64), random, "TFL3".toByteArray(), page)) {
            assertThrows(ModelDamagedException::class.java) { TfliteRunner(content, 1) }
        }
    }

    private fun buffers(runner: TfliteRunner) =
        direct(runner.input.byteCount) to runner.outputs.map { direct(it.byteCount) }

    @Test
    fun `buffers of another size are refused, and the runner goes on`() {
        TfliteRunner(released, 1).use { runner ->
            val (input, outputs) = buffers(runner)
            val (first, second) = outputs
            for ((given, answers) in listOf(
                direct(input.capacity() - 1) to outputs,
                direct(input.capacity() + 1) to outputs,
                input to listOf(direct(first.capacity() - 1), second),
                input to listOf(direct(first.capacity() + 1), second),
                input to listOf(first, direct(second.capacity() - 1)),
                input to outputs.reversed(),
            )) {
                assertThrows(UnsupportedBufferException::class.java) { runner.run(given, answers) }
            }
            repeat(3) { runner.run(input, outputs) }
            assertEquals(listOf(0, 0), outputs.map(ByteBuffer::position))
        }
    }

    @Test
    fun `both outputs are given, probabilities before logits`() {
        TfliteRunner(released, 1).use { runner ->
            assertEquals(listOf(listOf(1, 7), listOf(1, 14)), runner.outputs.map { it.shape })
            assertEquals(listOf(TensorType.UINT8, TensorType.UINT8), runner.outputs.map { it.type })
            val (input, outputs) = buffers(runner)
            runner.run(input, outputs)
            val (shares, logits) = outputs.map { buffer -> List(buffer.capacity()) { buffer.get(it).toInt() and 0xff } }
            assertTrue("$shares", shares.sum() in 250..262)
            assertTrue("$logits", logits.toSet().size > 1)
        }
    }

    @Test
    fun `a closed runner does not run`() {
        val runner = TfliteRunner(released, 1)
        val (input, outputs) = buffers(runner)
        runner.close()
        runner.close()
        assertThrows(IllegalArgumentException::class.java) { runner.run(input, outputs) }
    }
}
