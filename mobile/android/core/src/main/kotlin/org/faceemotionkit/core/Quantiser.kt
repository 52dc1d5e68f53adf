package org.faceemotionkit.core

import java.nio.ByteBuffer

/** Writes and reads a tensor's numbers by the type, scale and zero point that the model file itself states. */
internal class Quantiser(private val tensor: TensorInfo) {
    private val count = tensor.byteCount / tensor.type.bytes

    init {
        if (tensor.type != TensorType.FLOAT32 && !(tensor.scale > 0)) {
            throw ModelDamagedException("The model's ${tensor.type} tensor states no scale.")
        }
    }

    /** The tensor's own number of each grey level 0..255, which stands for grey / 255; one byte each. */
    private val ofGrey = ByteArray(LEVELS) { grey ->
        val least = if (tensor.type == TensorType.INT8) -128 else 0
        val level = Math.rint(grey / 255.0 / tensor.scale) + tensor.zeroPoint
        level.coerceIn(least.toDouble(), least + 255.0).toInt().toByte()
    }

    /** Fills a tensor with grey levels: one byte a pixel in [greys], 0 black. */
    fun writeGrey(greys: ByteArray, buffer: ByteBuffer) {
        if (tensor.type == TensorType.FLOAT32) {
            val numbers = buffer.asFloatBuffer()
            for (index in greys.indices) numbers.put(index, ((greys[index].toInt() and 0xff) / 255.0).toFloat())
        } else {
            for (index in greys.indices) buffer.put(index, ofGrey[greys[index].toInt() and 0xff])
        }
    }

    /** The numbers that a tensor stands for. */
    fun read(buffer: ByteBuffer): FloatArray {
        if (tensor.type == TensorType.FLOAT32) {
            val floats = buffer.asFloatBuffer()
            return FloatArray(count) { floats.get(it) }
        }
        val steps = steps(buffer)
        return FloatArray(count) { tensor.scale * steps[it] }
    }

    /** How many steps of its scale the numbers of a uint8 or int8 tensor are from the zero point. */
    fun steps(buffer: ByteBuffer): IntArray {
        val bits = if (tensor.type == TensorType.INT8) -1 else 0xff
        return IntArray(count) { (buffer.get(it).toInt() and bits) - tensor.zeroPoint }
    }

    private companion object {
        const val LEVELS = 256
    }
}
