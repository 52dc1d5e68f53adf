/* The classifier: a network of grey faces, whatever runs it. Twin of face_emotion/classifier.py. */
package org.faceemotionkit.core

import java.io.Closeable
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * A classifier of square grey faces: one byte a pixel in, one probability a class out. One thread at a time.
 *
 * @param runner of the network, which this object closes
 * @throws ModelDamagedException if its tensors are not [1,size,size,1] and [1,classes]
 */
public class Classifier(private val runner: TensorRunner, contract: Contract) : Closeable {
    private val writer = Quantiser(runner.input)
    private val reader: Quantiser
    private val input = bufferOf(runner.input)
    private val output: ByteBuffer

    init {
        val size = contract.inputSize
        requireShape("input", runner.input.shape, listOf(1, size, size, 1))
        val answer = runner.outputs.singleOrNull()
            ?: throw ModelDamagedException("The classifier has ${runner.outputs.size} outputs where 1 is expected.")
        requireShape("output", answer.shape, listOf(1, contract.labels.size))
        reader = Quantiser(answer)
        output = bufferOf(answer)
    }

    /** The probabilities 0..1 of a face of size * size grey levels, in the order of the contract's labels. */
    public fun probabilities(greys: ByteArray): FloatArray {
        writer.writeGrey(greys, input)
        runner.run(input, listOf(output))
        return reader.read(output)
    }

    override fun close(): Unit = runner.close()
}

/** A direct buffer for a tensor, by its own byte count. */
internal fun bufferOf(tensor: TensorInfo): ByteBuffer =
    ByteBuffer.allocateDirect(tensor.byteCount).order(ByteOrder.nativeOrder())

internal fun requireShape(what: String, found: List<Int>, expected: List<Int>) {
    if (found != expected) {
        throw ModelDamagedException("The model's $what has the shape $found where $expected is expected.")
    }
}
