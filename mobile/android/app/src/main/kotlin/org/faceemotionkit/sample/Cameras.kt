/* What the device's cameras are, in the app's own words. */
package org.faceemotionkit.sample

import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.util.Size

/** A camera that the app can use. [sensorOrientation] in degrees. */
class Camera(val id: String, val lens: Lens, val sensorOrientation: Int, val sizes: StreamSizes)

/**
 * Returns the first camera on each side; one that is plugged in stands for a back camera. None if they cannot be asked.
 */
fun camerasOf(manager: CameraManager): Map<Lens, Camera> = try {
    manager.cameraIdList
        .mapNotNull { cameraOf(it, manager.getCameraCharacteristics(it)) }
        .distinctBy { it.lens }
        .associateBy { it.lens }
} catch (_: CameraAccessException) {
    emptyMap()
}

private fun cameraOf(id: String, facts: CameraCharacteristics): Camera? {
    val isFront = facts[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_FRONT
    val lens = if (isFront) Lens.FRONT else Lens.BACK
    val streams = facts[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP] ?: return null
    val sizes = streamSizes(
        dimensions(streams.getOutputSizes(SurfaceTexture::class.java)),
        dimensions(streams.getOutputSizes(ImageFormat.YUV_420_888)),
    )
    return sizes?.let { Camera(id, lens, facts[CameraCharacteristics.SENSOR_ORIENTATION] ?: 0, it) }
}

private fun dimensions(sizes: Array<Size>?): List<Dimensions> = sizes.orEmpty().map { Dimensions(it.width, it.height) }

/** Returns what to show when a camera cannot be opened; [reason]: of a CameraAccessException. */
fun cardOfAccess(reason: Int): Card = when (reason) {
    CameraAccessException.CAMERA_IN_USE, CameraAccessException.MAX_CAMERAS_IN_USE -> Card.CAMERA_BUSY
    CameraAccessException.CAMERA_DISABLED -> Card.CAMERA_BARRED
    CameraAccessException.CAMERA_DISCONNECTED -> Card.CAMERA_GONE
    else -> Card.CAMERA_FAILED
}

/** Returns what to show when a camera reports an error; [error]: of CameraDevice.StateCallback. */
fun cardOfError(error: Int): Card = when (error) {
    CameraDevice.StateCallback.ERROR_CAMERA_IN_USE,
    CameraDevice.StateCallback.ERROR_MAX_CAMERAS_IN_USE,
    -> Card.CAMERA_BUSY
    CameraDevice.StateCallback.ERROR_CAMERA_DISABLED -> Card.CAMERA_BARRED
    else -> Card.CAMERA_FAILED
}
