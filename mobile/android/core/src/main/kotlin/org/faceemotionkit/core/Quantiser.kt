package org.faceemotionkit.core

import java.nio.ByteBuffer
import java.nio.FloatBuffer

/** Writes and reads a tensor's numbers by the type, scale and zero point that the model file itself states. */
internal class Quantiser(private val tensor: TensorInfo) {
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
        val floats: FloatBuffer? = if (tensor.type == TensorType.FLOAT32) buffer.asFloatBuffer() else null
        return FloatArray(tensor.byteCount / tensor.type.bytes) { index ->
            when (tensor.type) {
                TensorType.FLOAT32 -> floats!!.get(index)
                TensorType.UINT8 -> tensor.scale * ((buffer.get(index).toInt() and 0xff) - tensor.zeroPoint)
                TensorType.INT8 -> tensor.scale * (buffer.get(index) - tensor.zeroPoint)
            }
        }
    }

    private companion object {
        const val LEVELS = 256
    }
}
