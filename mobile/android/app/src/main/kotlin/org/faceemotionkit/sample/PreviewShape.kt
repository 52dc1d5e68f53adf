/* Which sizes of a camera to use, and how its preview is laid on the stage. */
package org.faceemotionkit.sample

import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.ln
import kotlin.math.sin

private const val ANALYSIS_WIDTH = 640 // enough for the detector's 128 pixels and for a face of 48 at arm's length
private const val PREVIEW_WIDTH = 1280 // a phone's stage shows no more
private const val SENSOR_SHAPE = 4.0 / 3 // other shapes are cut out of it, so this one sees most
private const val SAME_SHAPE = 0.01

/** A size in pixels. */
data class Dimensions(val width: Int, val height: Int) {
    val shape: Double get() = width.toDouble() / height
}

/** The sizes of a camera's two streams: what people see, and what is read. */
data class StreamSizes(val preview: Dimensions, val analysis: Dimensions)

/**
 * Chooses the sizes of both streams out of those that the camera offers. They get one shape, because streams of
 * different shapes show different parts of the scene and boxes would be beside the faces; the sensor's own shape if
 * possible.
 *
 * @return null if the camera offers no two sizes of one shape
 */
fun streamSizes(preview: List<Dimensions>, analysis: List<Dimensions>): StreamSizes? =
    analysis.filter { one -> preview.any { sameShape(it, one) } }
        .minWithOrNull(
            compareBy(
                { abs(it.shape - SENSOR_SHAPE) > SAME_SHAPE },
                { abs(ln(it.width.toDouble() / ANALYSIS_WIDTH)) },
            ),
        )
        ?.let { read -> StreamSizes(nearestPreview(preview.filter { sameShape(it, read) }), read) }

private fun nearestPreview(sizes: List<Dimensions>): Dimensions =
    sizes.filter { it.width <= PREVIEW_WIDTH }.maxByOrNull { it.width } ?: sizes.minBy { it.width }

private fun sameShape(one: Dimensions, other: Dimensions): Boolean = abs(one.shape / other.shape - 1) < SAME_SHAPE

/**
 * Returns the transform of a TextureView that shows a camera's preview upright, undistorted, whole and centred. Without
 * one the view stretches the picture over itself, as it would stand on the display's natural orientation.
 *
 * @param buffer the preview's size as the camera delivers it
 * @param sensorOrientation in degrees; [displayRotation]: from the natural orientation, in degrees
 * @return the nine values of an android.graphics.Matrix, row by row
 */
fun previewTransform(
    buffer: Dimensions,
    sensorOrientation: Int,
    displayRotation: Int,
    viewWidth: Int,
    viewHeight: Int,
): FloatArray {
    val natural = turned(buffer, sensorOrientation)
    val upright = turned(natural, displayRotation)
    val scale = placeOf(upright.width, upright.height, viewWidth, viewHeight).width / upright.width
    val angle = Math.toRadians(-displayRotation.toDouble())
    val across = natural.width * scale / viewWidth
    val down = natural.height * scale / viewHeight
    val a = cos(angle).toFloat() * across
    val b = -sin(angle).toFloat() * down
    val d = sin(angle).toFloat() * across
    val e = cos(angle).toFloat() * down
    val (centerX, centerY) = viewWidth / 2f to viewHeight / 2f
    return floatArrayOf(
        a, b, centerX - a * centerX - b * centerY,
        d, e, centerY - d * centerX - e * centerY,
        0f, 0f, 1f,
    )
}

private fun turned(size: Dimensions, degrees: Int): Dimensions =
    if (degrees % 180 == 0) size else Dimensions(size.height, size.width)
