package org.faceemotionkit.sample

import android.app.Application
import org.faceemotionkit.EmotionRecognizer

/** The process. A test puts another reader of faces in its place. */
open class SampleApplication : Application() {
    /** Loads the recognizer: takes a moment, so not on the main thread. Throws what EmotionRecognizer.load throws. */
    open fun loadReader(): FaceReader = RecognizerReader(EmotionRecognizer.load(this))
}
