package org.faceemotionkit

import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.testing.MODELS
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
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

    @Test
    fun `buffers of another size are refused, and the runner goes on`() {
        TfliteRunner(released, 1).use { runner ->
            val (input, output) = direct(runner.input.byteCount) to direct(runner.outputs[0].byteCount)
            for ((given, answer) in listOf(
                direct(input.capacity() - 1) to output,
                direct(input.capacity() + 1) to output,
                input to direct(output.capacity() - 1),
                input to direct(output.capacity() + 1),
            )) {
                assertThrows(IllegalArgumentException::class.java) { runner.run(given, listOf(answer)) }
            }
            repeat(3) { runner.run(input, listOf(output)) }
            assertEquals(0, output.position())
        }
    }

    @Test
    fun `a closed runner does not run`() {
        val runner = TfliteRunner(released, 1)
        val (input, output) = direct(runner.input.byteCount) to direct(runner.outputs[0].byteCount)
        runner.close()
        runner.close()
        assertThrows(IllegalArgumentException::class.java) { runner.run(input, listOf(output)) }
    }
}
