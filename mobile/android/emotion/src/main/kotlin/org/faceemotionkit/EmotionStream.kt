package org.faceemotionkit

import android.media.Image
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FaceEmotionException
import org.faceemotionkit.core.FrameSource
import java.io.Closeable
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** What an [EmotionStream] tells, one call after the other, on its worker's thread. */
public interface EmotionListener {
    /** The faces of a frame; [frame] is the one that was submitted, with its size, time and rotation. */
    public fun onFaces(frame: FrameSource, faces: List<Face>)

    /** A frame could not be read; the next ones are. */
    public fun onFailure(error: FaceEmotionException)
}

/**
 * Reads the frames of one video as they come, on a worker thread of its own: the latest frame wins, and those that it had
 * no time for are dropped. Every method may be called from any thread, the main thread included.
 *
 *     val stream = EmotionStream(recognizer, listener)
 *     stream.submit(image, rotation); image.close()
 *     stream.close(); recognizer.close()
 *
 * @param recognizer stays the caller's, who closes it after the stream
 */
public class EmotionStream(private val recognizer: EmotionRecognizer, private val listener: EmotionListener) :
    Closeable {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var next: FrameSource? = null
    private var isClosed = false

    /** The own neutral of each [Face.track] that has one, from the next frame on; null: that of the options, for all. */
    @Volatile
    public var baselines: Map<Int, Baseline>? = null

    private val worker = Thread(::work, "face-emotion-stream").apply {
        isDaemon = true
        start() // last of all that is made: it uses the rest
    }

    /** Copies a frame and hands it to the worker; without a time it has that of the call. After [close] nothing happens. */
    public fun submit(frame: FrameSource) {
        offer { (if (frame.nanoseconds == null) frame.at(System.nanoTime()) else frame).copied() }
    }

    /** The same of a camera's image; throws what [toFrameSource] throws. The image may be closed right afterwards. */
    public fun submit(image: Image, rotation: Int) {
        offer { image.toFrameSource(rotation) }
    }

    /**
     * Ends the worker and waits for the call that it is in, after which the listener is called no more. The frame that
     * waits is dropped. Called by the listener itself it does not wait.
     */
    override fun close() {
        lock.withLock {
            isClosed = true
            next = null
            changed.signalAll()
        }
        if (Thread.currentThread() !== worker) worker.join()
    }

    private inline fun offer(frame: () -> FrameSource) {
        if (lock.withLock { isClosed }) return
        val copied = frame()
        lock.withLock {
            if (isClosed) return
            next = copied
            changed.signalAll()
        }
    }

    private fun take(): FrameSource? = lock.withLock {
        while (next == null && !isClosed) changed.awaitUninterruptibly()
        next.also { next = null }
    }

    private fun work() {
        while (true) {
            val frame = take() ?: return
            val own = baselines
            val faces = try {
                if (own == null) recognizer.recognize(frame) else recognizer.recognize(frame, own)
            } catch (error: FaceEmotionException) {
                if (!lock.withLock { isClosed }) listener.onFailure(error)
                continue
            }
            if (!lock.withLock { isClosed }) listener.onFaces(frame, faces)
        }
    }
}
