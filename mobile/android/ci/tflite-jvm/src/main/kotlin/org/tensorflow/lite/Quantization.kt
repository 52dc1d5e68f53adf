package org.tensorflow.lite

import com.sun.jna.Structure

/** TfLiteQuantizationParams of the C API. */
@Structure.FieldOrder("scale", "zeroPoint")
open class Quantization : Structure() {
    @JvmField var scale: Float = 0f

    @JvmField var zeroPoint: Int = 0

    class ByValue : Quantization(), Structure.ByValue
}
