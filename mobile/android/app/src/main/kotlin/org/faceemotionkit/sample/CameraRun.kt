package org.faceemotionkit.sample

import android.annotation.SuppressLint
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.media.Image
import android.media.ImageReader
import android.os.Handler
import android.view.Surface

/**
 * One camera from opening to closing. All calls and callbacks on the main thread, but images on the worker's.
 *
 * @param texture of the view that shows the preview
 * @param worker of the thread that reads images
 * @param onImage called on that thread with the newest image; older ones that it had no time for are dropped
 * @param onFailure called once if the camera cannot be opened, or goes away
 */
class CameraRun(
    private val manager: CameraManager,
    val camera: Camera,
    texture: SurfaceTexture,
    private val worker: Handler,
    private val main: Handler,
    private val onImage: (Image) -> Unit,
    private val onFailure: (Card) -> Unit,
) : CameraDevice.StateCallback() {
    private val images =
        with(camera.sizes.analysis) { ImageReader.newInstance(width, height, ImageFormat.YUV_420_888, 2) }
    private val surface = with(camera.sizes.preview) {
        texture.setDefaultBufferSize(width, height)
        Surface(texture)
    }
    private var device: CameraDevice? = null
    private var over = false

    /** Opens the camera. The permission was asked for before. */
    @SuppressLint("MissingPermission")
    fun start() {
        images.setOnImageAvailableListener({ reader -> reader.acquireLatestImage()?.use(onImage) }, worker)
        attempt { manager.openCamera(camera.id, this, main) }
    }

    /** Closes the camera; more than once does nothing. */
    fun close() {
        if (over) return
        over = true
        device?.close()
        // On the worker's thread: it may be reading an image, whose memory goes with the reader.
        worker.post {
            images.close()
            surface.release()
        }
    }

    override fun onOpened(camera: CameraDevice) {
        device = camera
        if (over) return camera.close()
        // The newer way to ask for a session is missing from Android 8.
        @Suppress("DEPRECATION")
        attempt { camera.createCaptureSession(listOf(surface, images.surface), Session(camera), main) }
    }

    override fun onDisconnected(camera: CameraDevice) {
        device = camera
        fail(Card.CAMERA_GONE)
    }

    override fun onError(camera: CameraDevice, error: Int) {
        device = camera
        fail(cardOfError(error))
    }

    private fun fail(problem: Card) {
        if (over) return device?.close() ?: Unit
        close()
        onFailure(problem)
    }

    private fun attempt(action: () -> Unit) {
        try {
            action()
        } catch (refusal: CameraAccessException) {
            fail(cardOfAccess(refusal.reason))
        } catch (_: SecurityException) { // the permission was taken back this very moment
            fail(Card.CAMERA_BARRED)
        } catch (_: IllegalStateException) { // the camera was closed in the meantime
            fail(Card.CAMERA_GONE)
        } catch (_: IllegalArgumentException) { // the camera was unplugged, or its surface has gone
            fail(Card.CAMERA_GONE)
        }
    }

    private inner class Session(private val camera: CameraDevice) : CameraCaptureSession.StateCallback() {
        override fun onConfigured(session: CameraCaptureSession) {
            if (over) return
            attempt {
                val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
                request.addTarget(surface)
                request.addTarget(images.surface)
                session.setRepeatingRequest(request.build(), null, main)
            }
        }

        override fun onConfigureFailed(session: CameraCaptureSession) = fail(Card.CAMERA_FAILED)
    }
}
