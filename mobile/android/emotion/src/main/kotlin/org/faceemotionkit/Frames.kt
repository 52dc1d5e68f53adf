/* Android's own images and bitmaps as frames. */
@file:JvmName("Frames")

package org.faceemotionkit

import android.graphics.Bitmap
import android.graphics.ImageFormat
import android.media.Image
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.Plane
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.core.YuvFrame

private const val NANOSECONDS = 1e9

/**
 * A camera's image as a frame of a video that may be handed on: the pixels are copied, so that the image may be closed at
 * once. CameraX: `imageProxy.image.toFrameSource(imageProxy.imageInfo.rotationDegrees)`.
 *
 * @param rotation how far it has to be turned clockwise to stand upright
 * @throws UnsupportedImageException for a format other than YUV_420_888, a rotation that is no quarter turn, a closed
 *   image
 */
public fun Image.toFrameSource(rotation: Int): FrameSource = read(this) { (y, u, v) ->
    FrameSource.yuv(width, height, y, u, v).rotated(rotation).at(timestamp).copied()
}

/**
 * A bitmap's pixels as a frame: a copy of them, of any configuration and colour space.
 *
 * @throws UnsupportedImageException for a recycled bitmap
 */
public fun Bitmap.toFrameSource(): FrameSource {
    val source = BitmapSource.of(this)
    val pixels = IntArray(source.width * source.height)
    val line = IntArray(source.width)
    for (row in 0 until source.height) {
        source.read(row, 0, source.width, line)
        line.copyInto(pixels, row * source.width)
    }
    return FrameSource.argb(pixels, source.width, source.height)
}

/**
 * Copies a camera's image into the frame.
 *
 * @return the image's time in seconds
 * @throws UnsupportedImageException as [toFrameSource]
 */
internal fun YuvFrame.load(image: Image, rotation: Int): Double = read(image) { planes ->
    load(image.width, image.height, planes, rotation)
    image.timestamp / NANOSECONDS
}

private inline fun <T> read(image: Image, use: (List<Plane>) -> T): T = try {
    if (image.format != ImageFormat.YUV_420_888) {
        throw UnsupportedImageException("image of format ${image.format}: YUV_420_888 (35) is expected.")
    }
    use(image.planes.map { Plane(it.buffer, it.rowStride, it.pixelStride) })
} catch (error: IllegalStateException) {
    throw UnsupportedImageException("The image was closed before it was read.", error)
}
