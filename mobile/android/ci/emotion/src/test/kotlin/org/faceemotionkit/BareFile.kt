// What an app does that takes the .tflite file alone: the Kotlin lines of mobile/android/README.md, "Only the .tflite
// file" (tests/mobile/test_android.py compares them).
package org.faceemotionkit

import org.tensorflow.lite.Interpreter
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.math.exp
import kotlin.math.floor

fun normalized(grey: ByteArray): ByteArray {
    val ranked = grey.map { it.toInt() and 0xFF }.sorted()
    val rank = grey.size * 20 / 1000 // tail_permille
    val darkest = ranked[rank]
    val spread = ranked[grey.size - 1 - rank] - darkest
    if (spread < 8) return grey // smallest_range: flat, nothing in it but noise
    return ByteArray(grey.size) {
        // low 12, high 242
        val above = (grey[it].toInt() and 0xFF) - darkest
        Math.floorDiv(2 * above * (242 - 12) + (2 * 12 + 1) * spread, 2 * spread).coerceIn(0, 255).toByte()
    }
}

val table = LongArray(4096) { floor(exp(-it / 256.0) * (1 shl 24) + 0.5).toLong() } // of exp(-score / 256)

/** The share of each label; [blend] is the manifest's. All sums are of whole numbers: the same bits on every phone. */
fun probabilities(interpreter: Interpreter, grey: ByteArray, blend: List<Double>): List<Float> {
    val input = ByteBuffer.allocateDirect(48 * 48).order(ByteOrder.nativeOrder())
    input.put(normalized(grey)).rewind()
    val tensor = interpreter.getOutputTensor(1) // logits, head after head
    val logits = ByteBuffer.allocateDirect(tensor.numBytes()).order(ByteOrder.nativeOrder())
    interpreter.runForMultipleInputsOutputs(arrayOf<Any>(input), mapOf<Int, Any>(1 to logits))
    val (scale, zeroPoint) = tensor.quantizationParams().let { it.scale.toDouble() to it.zeroPoint }
    val weights = blend.map { floor(scale * it * (256 * 65536) + 0.5).toLong() } // of a step, in 1 / 65536 of a score
    val classes = tensor.numBytes() / blend.size
    val scores = List(classes) { label ->
        val steps = blend.indices.map { (logits.get(it * classes + label).toInt() and 0xFF) - zeroPoint }
        Math.floorDiv(steps.zip(weights) { step, weight -> step * weight }.sum() + 32768, 65536L)
    }
    val powers = scores.map { table.getOrElse((scores.max() - it).toInt()) { 0 } }
    return powers.map { (it.toDouble() / powers.sum()).toFloat() }
}
