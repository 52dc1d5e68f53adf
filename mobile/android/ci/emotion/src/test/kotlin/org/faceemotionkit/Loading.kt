package org.faceemotionkit

import java.io.File

/** Options that take model and detector from folders of [root]. */
internal fun optionsOf(
    root: File,
    variant: String,
    set: RecognizerOptions.Builder.() -> Unit = {},
): RecognizerOptions = RecognizerOptions {
    model(ModelSource.folder(root.resolve(variant)))
    detector(ModelSource.folder(root.resolve("face_detector")))
    threads(1)
    set()
}

/** A recognizer of models in folders of [root], as one that was downloaded would be. */
internal fun loadFrom(root: File, variant: String, set: RecognizerOptions.Builder.() -> Unit = {}): EmotionRecognizer =
    EmotionRecognizer.load(optionsOf(root, variant, set))
