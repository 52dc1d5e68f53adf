package org.faceemotionkit.sample

import android.content.Context
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraManager
import android.media.Image
import android.os.Handler
import android.os.Looper
import android.view.TextureView
import org.faceemotionkit.core.uprightRotation

/** What comes of a camera. */
interface CameraListener {
    /** On the worker's thread: the newest image, which stands upright once it is turned by [rotation] degrees. */
    fun onImage(image: Image, rotation: Int, lens: Lens)

    fun onCameraFailure(problem: Card)

    /** Another app let go of a camera. */
    fun onCameraFreed()
}

/**
 * Shows the wanted camera in a view and hands out its images, whenever there is both a wish and a view.
 *
 * @param worker of the thread that reads images
 */
class CameraFeed(context: Context, private val worker: Handler, private val listener: CameraListener) :
    TextureView.SurfaceTextureListener {
    private val manager = context.getSystemService(CameraManager::class.java)
    private val main = Handler(Looper.getMainLooper())
    private val freed = object : CameraManager.AvailabilityCallback() {
        override fun onCameraAvailable(cameraId: String) = listener.onCameraFreed()
    }
    private var view: TextureView? = null
    private var wanted: Lens? = null
    private var run: CameraRun? = null

    /** Of the display from its natural orientation, in degrees. */
    @Volatile
    var displayRotation = 0
        set(value) {
            field = value
            arrange()
        }

    /** The cameras' sides, asked anew at each call: cameras come and go. */
    fun lenses(): Set<Lens> = camerasOf(manager).keys

    /** Takes the view that shows the preview. */
    fun attach(preview: TextureView) {
        view = preview
        preview.surfaceTextureListener = this
        manager.registerAvailabilityCallback(freed, main)
    }

    /** Lets go of the view, and of the camera with it. */
    fun detach() {
        manager.unregisterAvailabilityCallback(freed)
        view?.surfaceTextureListener = null
        view = null
        end()
    }

    fun open(lens: Lens) {
        wanted = lens
        begin()
    }

    fun close() {
        wanted = null
        end()
    }

    private fun begin() {
        end()
        val lens = wanted ?: return
        val texture = view?.surfaceTexture ?: return // onSurfaceTextureAvailable comes back here
        val camera = camerasOf(manager)[lens]
        if (camera == null) {
            main.post { listener.onCameraFailure(Card.CAMERA_GONE) }
            return
        }
        run = CameraRun(manager, camera, texture, worker, main, { hand(it, camera) }, listener::onCameraFailure)
        arrange()
        run?.start()
    }

    private fun end() {
        run?.close()
        run = null
    }

    private fun hand(image: Image, camera: Camera) {
        val rotation = uprightRotation(camera.sensorOrientation, displayRotation, camera.lens == Lens.FRONT)
        listener.onImage(image, rotation, camera.lens)
    }

    private fun arrange() {
        val shown = view ?: return
        val camera = run?.camera ?: return
        if (shown.width == 0 || shown.height == 0) return
        val values =
            previewTransform(camera.sizes.preview, camera.sensorOrientation, displayRotation, shown.width, shown.height)
        shown.setTransform(Matrix().apply { setValues(values) })
    }

    override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) = begin()

    override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) {
        // The view has just given the texture its own size for a buffer; the camera's is another one.
        run?.camera?.sizes?.preview?.let { texture.setDefaultBufferSize(it.width, it.height) }
        arrange()
    }

    override fun onSurfaceTextureDestroyed(texture: SurfaceTexture): Boolean {
        end()
        return true
    }

    override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit
}
