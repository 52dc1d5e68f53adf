package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import android.os.Handler
import android.os.HandlerThread
import android.os.Looper
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face

/**
 * The one thread that loads, uses and closes the recognizer; answers come on the main thread.
 *
 * @param load makes the reader
 * @param clock gives nanoseconds from any fixed moment on
 */
class Worker(private val load: () -> FaceReader, private val clock: () -> Long) {
    private val thread = HandlerThread("faces").apply { start() }
    private val main = Handler(Looper.getMainLooper())
    private var reader: FaceReader? = null

    /** The own neutral of each track that has one; for camera images that are read from now on. */
    @Volatile
    var baselines: Map<Int, Baseline> = emptyMap()

    /** For callbacks that belong on the thread. */
    val handler = Handler(thread.looper)

    /** Loads the reader in the place of any other. */
    fun loadReader(onLoaded: (Model) -> Unit, onFailed: (Exception) -> Unit) = inTurn(
        task = {
            reader?.close()
            load().also { reader = it }.model
        },
        onDone = onLoaded,
        onFailed = onFailed,
    )

    /** Runs [task] on the thread; what it returns or throws comes back on the main thread. */
    fun <T> inTurn(task: () -> T, onDone: (T) -> Unit, onFailed: (Exception) -> Unit) {
        handler.post {
            val answer = try {
                val value = task()
                Runnable { onDone(value) }
            } catch (failure: Exception) { // whatever it is, the user gets a sentence instead of a crash
                Runnable { onFailed(failure) }
            }
            main.post(answer)
        }
    }

    /** Finds the faces of a bitmap; on this thread only. */
    fun read(bitmap: Bitmap): Reading = timed(bitmap.width, bitmap.height) { it.read(bitmap) }

    /** Finds the faces of a camera's image that stands upright after [rotation] degrees; on this thread only. */
    fun read(image: Image, rotation: Int): Reading {
        val lying = rotation % 180 != 0
        val (width, height) = if (lying) image.height to image.width else image.width to image.height
        return timed(width, height) { it.read(image, rotation, baselines) }
    }

    /** Forgets the tracks. */
    fun reset() {
        handler.post { reader?.reset() }
    }

    /** Ends the thread after what is in turn, and with it the reader. */
    fun close() {
        handler.post {
            reader?.close()
            reader = null
        }
        thread.quitSafely()
    }

    private fun timed(width: Int, height: Int, find: (FaceReader) -> List<Face>): Reading {
        val started = clock()
        val reader = checkNotNull(reader) { "no reader is loaded" }
        val faces = find(reader)
        return Reading(faces, width, height, (clock() - started) / 1e6)
    }
}
