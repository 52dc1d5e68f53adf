package org.faceemotionkit.sample

import android.app.Application
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.RecognizerOptions
import org.faceemotionkit.core.Reach

/** The process. A test puts another reader of faces in its place. */
open class SampleApplication : Application() {
    /** Loads the recognizer: takes a moment, so not on the main thread. Throws what EmotionRecognizer.load throws. */
    open fun loadReader(): FaceReader = RecognizerReader(EmotionRecognizer.load(this, OPTIONS))

    /** The clock that a reading is timed by. */
    open fun nanoseconds(): Long = System.nanoTime()

    private companion object {
        /** Chosen pictures are searched far, whatever the model's contract says. */
        val OPTIONS = RecognizerOptions { reach(Reach.FAR) }
    }
}
