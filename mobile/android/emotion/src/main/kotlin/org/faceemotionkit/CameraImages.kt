package org.faceemotionkit

import android.graphics.ImageFormat
import android.media.Image
import org.faceemotionkit.core.Plane
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.core.YuvFrame

private const val NANOSECONDS = 1e9

/**
 * Copies a camera's image into the frame.
 *
 * @return the image's time in seconds
 * @throws UnsupportedImageException for a format other than YUV_420_888, a rotation that is no quarter turn, a closed
 *   image
 */
internal fun YuvFrame.load(image: Image, rotation: Int): Double = try {
    if (image.format != ImageFormat.YUV_420_888) {
        throw UnsupportedImageException("image of format ${image.format}: YUV_420_888 (35) is expected.")
    }
    val planes = image.planes.map { Plane(it.buffer, it.rowStride, it.pixelStride) }
    load(image.width, image.height, planes, rotation)
    image.timestamp / NANOSECONDS
} catch (error: IllegalStateException) {
    throw UnsupportedImageException("The image was closed before it was read.", error)
}
