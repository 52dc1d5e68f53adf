package org.faceemotionkit

import org.faceemotionkit.core.LibraryMissingException
import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.TensorInfo
import org.faceemotionkit.core.TensorRunner
import org.faceemotionkit.core.TensorType
import org.faceemotionkit.core.requireBuffers
import org.tensorflow.lite.DataType
import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.Tensor
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Runs a .tflite model through org.tensorflow.lite.Interpreter on the CPU, with XNNPACK's kernels. No GPU, no NNAPI.
 *
 * @param model the file's content, its sha256 compared with the manifest's: TensorFlow Lite does not notice every
 *   damage
 * @param threads >= 1
 * @param name what messages call the model
 * @param xnnpack false: TensorFlow Lite's own kernels, for tests
 * @throws LibraryMissingException if the app has no TensorFlow Lite for this processor
 * @throws ModelDamagedException if the content is none that TensorFlow Lite can run, or has more than one input
 */
internal class TfliteRunner(
    model: ByteArray,
    threads: Int,
    name: String = "model",
    xnnpack: Boolean = true,
) : TensorRunner {
    private val interpreter = open(model, threads, name, xnnpack)
    override val input: TensorInfo
    override val outputs: List<TensorInfo>

    init {
        try {
            val inputs = List(interpreter.inputTensorCount) { infoOf(interpreter.getInputTensor(it)) }
            input =
                inputs.singleOrNull()
                    ?: throw ModelDamagedException("$name: ${inputs.size} inputs where 1 is expected.")
            outputs = List(interpreter.outputTensorCount) { infoOf(interpreter.getOutputTensor(it)) }
        } catch (error: ModelDamagedException) {
            interpreter.close()
            throw error
        }
    }

    override fun run(input: ByteBuffer, outputs: List<ByteBuffer>) {
        requireBuffers(input, outputs)
        input.rewind()
        outputs.forEach { it.rewind() }
        interpreter.runForMultipleInputsOutputs(arrayOf(input), outputs.withIndex().associate { it.index to it.value })
        outputs.forEach { it.rewind() } // TensorFlow Lite leaves the position behind what it wrote
    }

    override fun close() = interpreter.close()

    private companion object {
        fun open(model: ByteArray, threads: Int, name: String, xnnpack: Boolean): Interpreter {
            val content = ByteBuffer.allocateDirect(model.size).order(ByteOrder.nativeOrder()).put(model)
            content.rewind()
            val options = Interpreter.Options().setNumThreads(threads).setUseXNNPACK(xnnpack)
            return try {
                Interpreter(content, options).apply { allocateTensors() }
            } catch (error: IllegalArgumentException) {
                throw ModelDamagedException("$name: TensorFlow Lite cannot read this model.", error)
            } catch (error: IllegalStateException) {
                throw ModelDamagedException("$name: TensorFlow Lite cannot run this model.", error)
            } catch (error: UnsatisfiedLinkError) {
                throw LibraryMissingException(
                    "The app has no TensorFlow Lite library for this device's processor.",
                    error,
                )
            }
        }

        fun infoOf(tensor: Tensor): TensorInfo {
            val type = when (tensor.dataType()) {
                DataType.UINT8 -> TensorType.UINT8
                DataType.INT8 -> TensorType.INT8
                DataType.FLOAT32 -> TensorType.FLOAT32
                else -> throw ModelDamagedException(
                    "A tensor of type ${tensor.dataType()} where uint8, int8 or float32 is expected.",
                )
            }
            val quantization = tensor.quantizationParams()
            return TensorInfo(
                shape = tensor.shape().toList(),
                type = type,
                scale = quantization.scale,
                zeroPoint = quantization.zeroPoint,
                byteCount = tensor.numBytes(),
            )
        }
    }
}
