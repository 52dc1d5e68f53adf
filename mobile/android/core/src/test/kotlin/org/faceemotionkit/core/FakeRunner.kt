package org.faceemotionkit.core

import java.nio.ByteBuffer

/** A network that answers the same float32 numbers whatever it is given. */
internal class FakeRunner(shape: List<Int>, private val answers: List<Pair<List<Int>, FloatArray>>) : TensorRunner {
    var isClosed = false
    var runs = 0
    override val input = floats(shape)
    override val outputs = answers.map { (shape, _) -> floats(shape) }

    override fun run(input: ByteBuffer, outputs: List<ByteBuffer>) {
        check(!isClosed && input.isDirect && input.capacity() == this.input.byteCount)
        runs++
        answers.zip(outputs) { (_, numbers), buffer -> buffer.asFloatBuffer().put(numbers) }
    }

    override fun close() {
        isClosed = true
    }

    private fun floats(shape: List<Int>) =
        TensorInfo(shape, TensorType.FLOAT32, 0f, 0, Float.SIZE_BYTES * shape.fold(1, Int::times))
}

/** A network that answers the same bytes whatever it is given, and keeps what it was given last. */
internal class FakeBytes(
    private val answers: List<ByteArray>,
    scale: Float,
    zeroPoint: Int,
    type: TensorType = TensorType.UINT8,
) : TensorRunner {
    var given = ByteArray(0)
    override val input = TensorInfo(listOf(1, 48, 48, 1), TensorType.UINT8, 1 / 255f, 0, 48 * 48)
    override val outputs = answers.map { TensorInfo(listOf(1, it.size), type, scale, zeroPoint, it.size) }

    override fun run(input: ByteBuffer, outputs: List<ByteBuffer>) {
        given = ByteArray(input.capacity()).also { input.duplicate().get(it) }
        answers.zip(outputs) { bytes, buffer -> buffer.duplicate().put(bytes) }
    }

    override fun close() = Unit
}
