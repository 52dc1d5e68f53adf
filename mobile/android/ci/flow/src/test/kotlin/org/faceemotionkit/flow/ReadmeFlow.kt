// The lines for a Flow in mobile/android/README.md (tests/mobile/test_android_app.py compares them).
package org.faceemotionkit.flow

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.map
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.FrameSource

/** What is shown of each frame as they come: the latest frame wins. */
fun shown(frames: Flow<FrameSource>, recognizer: EmotionRecognizer): Flow<List<String>> =
    frames.faces(recognizer).map { (_, faces) -> faces.map { it.shown } }.catch { emit(listOf("${it.message}")) }
