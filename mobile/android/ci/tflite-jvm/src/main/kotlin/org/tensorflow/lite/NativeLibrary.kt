package org.tensorflow.lite

import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.Pointer

/** TensorFlow Lite's C API, as far as the tests need it; the functions are described in its c_api.h. */
@Suppress("ktlint:standard:function-naming") // the C API's own names, by which JNA finds the functions
internal interface NativeLibrary : Library {
    fun TfLiteModelCreate(content: Pointer, size: Long): Pointer?
    fun TfLiteModelDelete(model: Pointer)
    fun TfLiteInterpreterOptionsCreate(): Pointer
    fun TfLiteInterpreterOptionsDelete(options: Pointer)
    fun TfLiteInterpreterOptionsSetNumThreads(options: Pointer, threads: Int)
    fun TfLiteInterpreterOptionsAddDelegate(options: Pointer, delegate: Pointer)
    fun TfLiteInterpreterCreate(model: Pointer, options: Pointer): Pointer?
    fun TfLiteInterpreterDelete(interpreter: Pointer)
    fun TfLiteInterpreterAllocateTensors(interpreter: Pointer): Int
    fun TfLiteInterpreterInvoke(interpreter: Pointer): Int
    fun TfLiteInterpreterGetInputTensorCount(interpreter: Pointer): Int
    fun TfLiteInterpreterGetInputTensor(interpreter: Pointer, index: Int): Pointer
    fun TfLiteInterpreterGetOutputTensorCount(interpreter: Pointer): Int
    fun TfLiteInterpreterGetOutputTensor(interpreter: Pointer, index: Int): Pointer
    fun TfLiteTensorType(tensor: Pointer): Int
    fun TfLiteTensorNumDims(tensor: Pointer): Int
    fun TfLiteTensorDim(tensor: Pointer, index: Int): Int
    fun TfLiteTensorByteSize(tensor: Pointer): Long
    fun TfLiteTensorName(tensor: Pointer): String
    fun TfLiteTensorQuantizationParams(tensor: Pointer): Quantization.ByValue
    fun TfLiteTensorData(tensor: Pointer): Pointer

    /**
     * The C function returns a large structure, which means on x86-64: it writes to where its hidden argument points.
     */
    fun TfLiteXNNPackDelegateOptionsDefault(options: Pointer)
    fun TfLiteXNNPackDelegateCreate(options: Pointer): Pointer
    fun TfLiteXNNPackDelegateDelete(delegate: Pointer)

    companion object {
        private const val RESOURCE = "/org/bytedeco/tensorflowlite/linux-x86_64/libjnitensorflowlite.so"

        val loaded: NativeLibrary by lazy {
            val file = Native.extractFromResourcePath(RESOURCE, NativeLibrary::class.java.classLoader)
            Native.load(file.path, NativeLibrary::class.java)
        }
    }
}
