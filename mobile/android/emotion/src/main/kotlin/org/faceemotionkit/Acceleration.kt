package org.faceemotionkit

import android.util.Log
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.KernelCheck
import java.util.concurrent.atomic.AtomicBoolean

/** Sees, when a model is loaded, whether XNNPACK's kernels run it, and says once in a process if not. */
internal class Acceleration(private val warn: (String) -> Unit) {
    private val hasWarned = AtomicBoolean()

    /** Whether they run a classifier; null without a [check]. */
    fun of(classifier: Classifier, check: KernelCheck?): Boolean? {
        val isAccelerated = check?.passes(classifier)
        if (isAccelerated == false && !hasWarned.getAndSet(true)) warn(MESSAGE)
        return isAccelerated
    }

    companion object {
        private const val TAG = "FaceEmotionKit"
        private const val MESSAGE = "TensorFlow Lite runs the model without XNNPACK's int8 kernels: answers differ a " +
            "little from those of other devices, and may take many times as long."

        val logged = Acceleration { Log.w(TAG, it) }
    }
}
