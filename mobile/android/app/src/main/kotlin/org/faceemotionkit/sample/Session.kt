package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import android.net.Uri
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.ModelMissingException

/** What a session needs of the activity that is on screen. */
interface Host {
    fun show(state: ScreenState)

    fun askPermission()

    fun openSettings()

    fun pickPicture()

    fun share(json: String)
}

/**
 * What outlives an activity that is made anew when the device is turned: presenter, worker with the recognizer, camera
 * feed and the chosen picture.
 */
class Session(private val application: SampleApplication, saved: ScreenState) : Device, CameraListener {
    private val main = Handler(Looper.getMainLooper())
    private val worker = Worker(application::loadReader, application::nanoseconds)
    private var host: Host? = null

    val feed = CameraFeed(application, worker.handler, this)
    val presenter = ScreenPresenter(this, saved) { host?.show(it) }

    /** The chosen picture, once it is read. */
    var picture: Bitmap? = null
        private set

    /** Shows everything in [host] from now on; null: nowhere. */
    fun attach(host: Host?) {
        this.host = host
        host?.show(presenter.state)
    }

    /** Ends the session for good. */
    fun close() {
        feed.close()
        worker.close()
    }

    override fun loadModel() = worker.loadReader(
        onLoaded = presenter::modelLoaded,
        onFailed = { failure ->
            val problem = when (failure) {
                is ModelMissingException -> Card.MODEL_MISSING
                is ModelDamagedException -> Card.MODEL_DAMAGED
                else -> Card.MODEL_FAILED
            }
            presenter.modelFailed(problem, failure.message)
        },
    )

    override fun openCamera(lens: Lens) {
        worker.reset()
        feed.open(lens)
    }

    override fun closeCamera() = feed.close()

    override fun useBaselines(baselines: Map<Int, Baseline>) {
        worker.baselines = baselines
    }

    override fun askPermission() = host?.askPermission() ?: Unit

    override fun openSettings() = host?.openSettings() ?: Unit

    override fun pickPicture() = host?.pickPicture() ?: Unit

    override fun share(json: String) = host?.share(json) ?: Unit

    override fun readPicture(picture: String) {
        this.picture = null
        worker.inTurn(
            task = {
                val bitmap = readPicture(application.contentResolver, Uri.parse(picture))
                bitmap to worker.read(bitmap)
            },
            onDone = { (bitmap, reading) ->
                this.picture = bitmap
                presenter.pictureRead(picture, reading)
            },
            onFailed = { failure ->
                val problem = (failure as? UnreadablePictureException)?.problem ?: Card.UNREADABLE
                presenter.pictureFailed(picture, problem, failure.message)
            },
        )
    }

    override fun onImage(image: Image, rotation: Int, lens: Lens) {
        try {
            val reading = worker.read(image, rotation)
            val seconds = SystemClock.elapsedRealtimeNanos() / 1e9
            main.post { presenter.frameRead(lens, reading, seconds) }
        } catch (failure: RuntimeException) { // of the library: a sentence instead of a crash
            main.post { presenter.cameraFailed(Card.CAMERA_FAILED, failure.message) }
        }
    }

    override fun onCameraFailure(problem: Card) = presenter.cameraFailed(problem)

    override fun onCameraFreed() = presenter.cameraFreed()
}
