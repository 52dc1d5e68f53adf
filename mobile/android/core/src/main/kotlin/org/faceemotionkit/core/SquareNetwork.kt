package org.faceemotionkit.core

import java.io.Closeable
import java.nio.FloatBuffer

/**
 * A detector's network: one square picture in, numbers out. Twin of face_emotion/square_network.py; one thread at a time.
 *
 * @param runner of the network, which this object closes
 * @param size of the square in pixels; [shapes]: of what it gives, all different
 * @throws ModelDamagedException if its tensors are others, or not of float32; then the runner is closed
 */
internal class SquareNetwork(
    private val runner: TensorRunner,
    size: Int,
    shapes: List<List<Int>>,
) : Closeable {
    private val order: List<Int>

    init {
        val given = runner.outputs.map(TensorInfo::shape)
        order = shapes.map(given::indexOf)
        val tensors = runner.outputs + runner.input
        val fits = runner.input.shape == listOf(1, size, size, 3) && given.size == shapes.size && order.all { it >= 0 }
        if (!fits || tensors.any { it.type != TensorType.FLOAT32 }) {
            runner.close()
            val found = tensors.map { "${it.shape} ${it.type}" }
            throw ModelDamagedException("The detector's tensors $found are not those of its manifest.")
        }
    }

    private val input = bufferOf(runner.input)
    private val outputs = runner.outputs.map(::bufferOf)
    private val numbers = shapes.map { FloatArray(it.reduce(Int::times)) }

    /** The square that the network is to see, size * size * 3 numbers, to be written from the start. */
    val square: FloatBuffer get() = input.asFloatBuffer()

    /** What the network gives for what stands in [square]; the arrays are the next call's too. */
    fun run(): List<FloatArray> {
        runner.run(input, outputs)
        for ((index, values) in numbers.withIndex()) outputs[order[index]].asFloatBuffer().get(values)
        return numbers
    }

    override fun close(): Unit = runner.close()
}
