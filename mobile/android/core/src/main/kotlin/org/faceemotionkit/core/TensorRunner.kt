@file:JvmName("-Tensors")

package org.faceemotionkit.core

import java.io.Closeable
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Of what type a tensor's numbers are. */
@InternalKitApi
public enum class TensorType(internal val bytes: Int) { UINT8(1), INT8(1), FLOAT32(4) }

/**
 * A tensor as the model file states it.
 *
 * @property scale and [zeroPoint]: a byte q stands for scale * (q - zeroPoint); scale is 0 for float32
 * @property byteCount of its buffer
 */
@InternalKitApi
public class TensorInfo(
    public val shape: List<Int>,
    public val type: TensorType,
    public val scale: Float,
    public val zeroPoint: Int,
    public val byteCount: Int,
)

/** A network with one input, whatever runs it. Used by one thread at a time. */
@InternalKitApi
public interface TensorRunner : Closeable {
    public val input: TensorInfo
    public val outputs: List<TensorInfo>

    /**
     * Runs the network once.
     *
     * @param input direct, in native byte order, [TensorInfo.byteCount] bytes; its position is 0 before and afterwards
     * @param outputs one for each output tensor, in their order, likewise
     * @throws UnsupportedBufferException for buffers that are not like that
     */
    public fun run(input: ByteBuffer, outputs: List<ByteBuffer>)
}

/** Throws [UnsupportedBufferException] where the buffers are not what [TensorRunner.run] asks for. */
@InternalKitApi
public fun TensorRunner.requireBuffers(input: ByteBuffer, outputs: List<ByteBuffer>) {
    require("input", input, this.input)
    if (outputs.size != this.outputs.size) {
        throw UnsupportedBufferException("${outputs.size} output buffers where ${this.outputs.size} are expected.")
    }
    outputs.forEachIndexed { index, buffer -> require("output $index", buffer, this.outputs[index]) }
}

private fun require(name: String, buffer: ByteBuffer, tensor: TensorInfo) {
    val found = when {
        buffer.capacity() != tensor.byteCount -> "has ${buffer.capacity()} bytes where ${tensor.byteCount} are expected"
        !buffer.isDirect -> "lies on the heap where a direct one is expected"
        buffer.order() != ByteOrder.nativeOrder() -> "is in ${buffer.order()} where native order is expected"
        else -> return
    }
    throw UnsupportedBufferException("The buffer for $name $found.")
}
