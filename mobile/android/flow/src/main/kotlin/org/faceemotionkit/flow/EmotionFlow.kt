/* The faces of a flow of frames: what EmotionStream is with a listener. */
@file:JvmName("EmotionFlow")

package org.faceemotionkit.flow

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FrameSource

/**
 * What was seen of a frame.
 *
 * @property frame with its size, time and rotation
 * @property faces the detector's surest first, each with a track
 */
public data class SeenFrame(public val frame: FrameSource, public val faces: List<Face>)

/**
 * The faces of one video's frames as they come: the latest frame wins, and those that there was no time for are dropped.
 * A frame without a time has that at which it came. The collector is called where it collects, and the next frame is
 * read only once it has taken what was seen of the one before; a failure of a frame ends the flow: `catch` it, or
 * `retry`.
 *
 *     frames.faces(recognizer).collect { (frame, faces) -> overlay.show(frame, faces) }
 *
 * @param recognizer stays the caller's, who closes it once nobody collects any more. One flow at a time: tracks live in it
 * @param dispatcher of the thread that reads, and of those that make the frames; more than one at a time
 * @param baselines asked before each frame: the own neutral of each [Face.track] that has one; null: that of the options
 * @receiver frames whose memory is not used again: CameraX's and Camera2's by `toFrameSource`, others by `copied`
 */
@JvmOverloads
public fun Flow<FrameSource>.faces(
    recognizer: EmotionRecognizer,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    baselines: () -> Map<Int, Baseline>? = { null },
): Flow<SeenFrame> = map { if (it.nanoseconds == null) it.at(System.nanoTime()) else it }
    .conflate()
    .map { frame ->
        val own = baselines()
        SeenFrame(frame, if (own == null) recognizer.recognize(frame) else recognizer.recognize(frame, own))
    }
    .buffer(Channel.RENDEZVOUS)
    .flowOn(dispatcher)
