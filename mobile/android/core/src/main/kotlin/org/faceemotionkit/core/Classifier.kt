/* The classifier: a network of grey faces, whatever runs it. Twin of face_emotion/classifier.py. */
@file:JvmName("-Classifier")

package org.faceemotionkit.core

import java.io.Closeable
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * A classifier of square grey faces: one byte a pixel in, one probability a class out. One thread at a time.
 *
 * A crop is normalised, the network gives the logits of its heads, and their blend becomes probabilities. The network
 * has the outputs `probabilities`, which is not used, and `logits`; that of a model of format 1 `probabilities` alone.
 *
 * @param runner of the network, which this object closes
 * @param head whose answer is given
 * @throws HeadMissingException if the model does not have the head
 * @throws ModelDamagedException if its tensors are not [1,size,size,1] and [1,classes], [1,heads*classes]
 */
@InternalKitApi
public class Classifier @JvmOverloads constructor(
    private val runner: TensorRunner,
    contract: Contract,
    internal val head: Head = Head.BOTH,
) : Closeable {
    private val normalization = contract.normalization
    private val writer = Quantiser(runner.input)
    private val input = bufferOf(runner.input)
    private val outputs = runner.outputs.map(::bufferOf)
    private val read: (ByteBuffer) -> Answer

    init {
        val weights = contract.weights(head)
        val size = contract.inputSize
        requireShape("input", runner.input.shape, listOf(1, size, size, 1))
        val shapes = runner.outputs.map(TensorInfo::shape)
        val expected = listOf(1, contract.heads.size).map { listOf(1, it * contract.labels.size) }
        val isAlone = contract.heads.size == 1 && shapes.size == 1
        if (shapes != if (isAlone) expected.take(1) else expected) {
            throw ModelDamagedException("The model's outputs have the shapes $shapes where $expected are expected.")
        }
        read = if (isAlone) shares(runner.outputs.single()) else blended(runner.outputs.last(), weights)
    }

    /** The probabilities 0..1 of a face of size * size grey levels, in the order of the contract's labels. */
    public fun probabilities(greys: ByteArray): FloatArray = answer(greys).probabilities(null)

    /** The bytes 0..255 of the output that answers are made from, for a face of size * size grey levels. */
    internal fun raw(greys: ByteArray): List<Int> {
        run(greys)
        return outputs.last().let { bytes -> List(bytes.capacity()) { bytes.get(it).toInt() and 0xff } }
    }

    /** The answer for a face of size * size grey levels, from which a baseline can be learnt and taken off. */
    internal fun answer(greys: ByteArray): Answer {
        run(greys)
        return read(outputs.last())
    }

    private fun run(greys: ByteArray) {
        writer.writeGrey(normalized(greys, normalization), input)
        runner.run(input, outputs)
    }

    override fun close(): Unit = runner.close()
}

/** Makes an answer out of the bytes of a logits tensor. */
private fun blended(logits: TensorInfo, weights: DoubleArray): (ByteBuffer) -> Answer {
    val reader = Quantiser(logits)
    if (logits.type == TensorType.FLOAT32) return { RealAnswer(blendedLogits(reader.read(it), weights)) }
    val multipliers = multipliers(logits.scale.toDouble(), weights)
    return { WholeAnswer(scores(reader.steps(it), multipliers)) }
}

/** The same of a tensor of probabilities, which is all that a network of format 1 has. */
private fun shares(probabilities: TensorInfo): (ByteBuffer) -> Answer {
    val reader = Quantiser(probabilities)
    return { SharesAnswer(reader.read(it)) }
}

/** A direct buffer for a tensor, by its own byte count. */
internal fun bufferOf(tensor: TensorInfo): ByteBuffer =
    ByteBuffer.allocateDirect(tensor.byteCount).order(ByteOrder.nativeOrder())

internal fun requireShape(what: String, found: List<Int>, expected: List<Int>) {
    if (found != expected) {
        throw ModelDamagedException("The model's $what has the shape $found where $expected is expected.")
    }
}
