package org.tensorflow.lite

import com.sun.jna.Pointer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** A tensor of the native library, with the aar's checks of buffers. */
internal class NativeTensor(
    private val library: NativeLibrary,
    private val native: Pointer,
    private val index: Int,
) : Tensor {
    override fun dataType(): DataType = TYPES.getValue(library.TfLiteTensorType(native))

    override fun numDimensions(): Int = library.TfLiteTensorNumDims(native)

    override fun numBytes(): Int = library.TfLiteTensorByteSize(native).toInt()

    override fun numElements(): Int = shape().fold(1, Int::times)

    override fun shape(): IntArray = IntArray(numDimensions()) { library.TfLiteTensorDim(native, it) }

    override fun shapeSignature(): IntArray = shape()

    override fun index(): Int = index

    override fun name(): String = library.TfLiteTensorName(native)

    override fun quantizationParams(): Tensor.QuantizationParams {
        val quantization = library.TfLiteTensorQuantizationParams(native)
        return Tensor.QuantizationParams(quantization.scale, quantization.zeroPoint)
    }

    override fun asReadOnlyBuffer(): ByteBuffer = data().asReadOnlyBuffer().order(ByteOrder.nativeOrder())

    fun write(source: ByteBuffer) {
        requireSize(source)
        data().put(source.duplicate().apply { clear() })
    }

    fun read(target: ByteBuffer) {
        requireSize(target)
        target.put(data())
    }

    private fun data(): ByteBuffer = library.TfLiteTensorData(native).getByteBuffer(0, numBytes().toLong())

    private fun requireSize(buffer: ByteBuffer) = require(buffer.capacity() == numBytes()) {
        "Cannot copy between a TensorFlowLite tensor (${name()}) with ${numBytes()} bytes " +
            "and a Java Buffer with ${buffer.capacity()} bytes."
    }

    private companion object {
        /** TfLiteType of the C API. */
        val TYPES = mapOf(
            1 to DataType.FLOAT32,
            2 to DataType.INT32,
            3 to DataType.UINT8,
            4 to DataType.INT64,
            7 to DataType.INT16,
            9 to DataType.INT8,
        )
    }
}
