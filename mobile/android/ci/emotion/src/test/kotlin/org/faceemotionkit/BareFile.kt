// What an app does that takes the .tflite file alone: the Kotlin lines of mobile/android/README.md, "Only the .tflite
// file" (tests/mobile/test_android.py compares them).
package org.faceemotionkit

import org.tensorflow.lite.Interpreter
import java.nio.ByteBuffer
import java.nio.ByteOrder

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

fun expression(interpreter: Interpreter, grey: ByteArray, labels: List<String>): String {
    val input = ByteBuffer.allocateDirect(48 * 48).order(ByteOrder.nativeOrder())
    input.put(normalized(grey)).rewind()
    val probabilities = ByteBuffer.allocateDirect(labels.size).order(ByteOrder.nativeOrder())
    interpreter.run(input, probabilities)
    return labels[labels.indices.maxBy { probabilities.get(it).toInt() and 0xFF }]
}
