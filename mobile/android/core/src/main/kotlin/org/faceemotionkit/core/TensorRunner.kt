package org.faceemotionkit.core

import java.io.Closeable
import java.nio.ByteBuffer

/** Of what type a tensor's numbers are. */
public enum class TensorType(internal val bytes: Int) { UINT8(1), INT8(1), FLOAT32(4) }

/**
 * A tensor as the model file states it.
 *
 * @property scale and [zeroPoint]: a byte q stands for scale * (q - zeroPoint); scale is 0 for float32
 * @property byteCount of its buffer
 */
public class TensorInfo(
    public val shape: List<Int>,
    public val type: TensorType,
    public val scale: Float,
    public val zeroPoint: Int,
    public val byteCount: Int,
)

/** A network with one input, whatever runs it. Used by one thread at a time. */
public interface TensorRunner : Closeable {
    public val input: TensorInfo
    public val outputs: List<TensorInfo>

    /**
     * Runs the network once.
     *
     * @param input direct, in native byte order, [TensorInfo.byteCount] bytes; its position is 0 before and afterwards
     * @param outputs one for each output tensor, in their order, likewise
     */
    public fun run(input: ByteBuffer, outputs: List<ByteBuffer>)
}
