package org.tensorflow.lite

import com.sun.jna.Memory
import com.sun.jna.Pointer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * For tests on the JVM only: stands in for the class of the same name in TensorFlow Lite's aar, whose native library is
 * for Android. Code compiled against that aar runs unchanged. It keeps the aar's habits with buffers: the sizes have to
 * agree, and an output's position moves.
 *
 * XNNPACK's int8 kernels, which Android uses by default, are switched on: this library would leave them off.
 */
class Interpreter(model: ByteBuffer, options: Options) : AutoCloseable {
    private val library = NativeLibrary.loaded
    private val content = Memory(model.capacity().toLong()) // used in place: it has to outlive the interpreter
    private var delegate: Pointer? = null
    private var native: Pointer? = null
    private var nativeModel: Pointer? = null

    init {
        require(model.isDirect && model.order() == ByteOrder.nativeOrder()) {
            "Model ByteBuffer should be a direct ByteBuffer in native order"
        }
        content.write(0, ByteArray(model.capacity()).also { model.duplicate().get(it) }, 0, model.capacity())
        nativeModel = library.TfLiteModelCreate(content, content.size())
            ?: throw IllegalArgumentException("The model is not a valid Flatbuffer buffer")
        val settings = library.TfLiteInterpreterOptionsCreate()
        library.TfLiteInterpreterOptionsSetNumThreads(settings, options.threads)
        if (options.useXnnpack) {
            delegate = xnnpack(options.threads).also { library.TfLiteInterpreterOptionsAddDelegate(settings, it) }
        }
        native = library.TfLiteInterpreterCreate(nativeModel!!, settings)
        library.TfLiteInterpreterOptionsDelete(settings)
        if (native == null) {
            close()
            throw IllegalArgumentException("Internal error: Cannot create interpreter")
        }
    }

    val inputTensorCount: Int get() = library.TfLiteInterpreterGetInputTensorCount(opened())
    val outputTensorCount: Int get() = library.TfLiteInterpreterGetOutputTensorCount(opened())

    fun getInputTensor(index: Int): Tensor = input(index)

    fun getOutputTensor(index: Int): Tensor = output(index)

    fun allocateTensors() = check(library.TfLiteInterpreterAllocateTensors(opened()) == OK) {
        "Internal error: Unexpected failure when preparing tensor allocations"
    }

    fun run(input: Any, output: Any) = runForMultipleInputsOutputs(arrayOf(input), mapOf(0 to output))

    fun runForMultipleInputsOutputs(inputs: Array<Any>, outputs: Map<Int, Any>) {
        inputs.forEachIndexed { index, buffer -> input(index).write(buffer as ByteBuffer) }
        check(library.TfLiteInterpreterInvoke(opened()) == OK) {
            "Internal error: Failed to run on the given Interpreter"
        }
        for ((index, buffer) in outputs) output(index).read(buffer as ByteBuffer)
    }

    override fun close() {
        native?.let(library::TfLiteInterpreterDelete)
        delegate?.let(library::TfLiteXNNPackDelegateDelete) // the interpreter still uses it while it is deleted
        nativeModel?.let(library::TfLiteModelDelete)
        native = null
        delegate = null
        nativeModel = null
    }

    private fun input(index: Int) =
        NativeTensor(library, library.TfLiteInterpreterGetInputTensor(opened(), index), index)

    private fun output(index: Int) =
        NativeTensor(library, library.TfLiteInterpreterGetOutputTensor(opened(), index), index)

    private fun opened(): Pointer =
        requireNotNull(native) { "Internal error: The Interpreter has already been closed." }

    private fun xnnpack(threads: Int): Pointer {
        val options = Memory(OPTIONS_BYTES)
        options.clear()
        library.TfLiteXNNPackDelegateOptionsDefault(options)
        options.setInt(0, threads)
        options.setInt(FLAGS_OFFSET, options.getInt(FLAGS_OFFSET) or QS8_AND_QU8)
        return library.TfLiteXNNPackDelegateCreate(options)
    }

    /** The options that tests use of the aar's. */
    class Options {
        internal var threads = 1
        internal var useXnnpack = true

        fun setNumThreads(count: Int): Options = apply { threads = count }

        fun setUseXNNPACK(use: Boolean): Options = apply { useXnnpack = use }
    }

    private companion object {
        const val OK = 0
        const val OPTIONS_BYTES = 1024L // more than TfLiteXNNPackDelegateOptions has
        const val FLAGS_OFFSET = 4L // behind num_threads
        const val QS8_AND_QU8 = 3
    }
}
