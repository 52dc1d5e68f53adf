package org.faceemotionkit

import android.graphics.ImageFormat
import android.media.Image
import org.faceemotionkit.testing.rgb
import org.json.JSONObject
import java.nio.ByteBuffer
import org.faceemotionkit.core.Plane as SourcePlane

/** A camera's image with grey pixels, or with three [planes], which stays open until it is closed, as Android's own do. */
internal class FakeImage(
    private val width: Int,
    private val height: Int,
    grey: ByteArray,
    var nanoseconds: Long,
    private val format: Int = ImageFormat.YUV_420_888,
    planes: List<SourcePlane>? = null,
) : Image() {
    private val chroma = ByteArray((width + 1) / 2 * ((height + 1) / 2)) { -128 }
    private val all = planes?.map { plane(it.bytes, it.rowStride) }?.toTypedArray<Plane>()
        ?: arrayOf<Plane>(plane(grey, width), plane(chroma, (width + 1) / 2), plane(chroma, (width + 1) / 2))
    private var isOpen = true

    override fun getFormat(): Int = whileOpen { format }

    override fun getWidth(): Int = whileOpen { width }

    override fun getHeight(): Int = whileOpen { height }

    override fun getTimestamp(): Long = whileOpen { nanoseconds }

    override fun getPlanes(): Array<Plane> = whileOpen { all }

    override fun getTransform(): Int = 0

    override fun getScalingMode(): Int = 0

    override fun close() {
        isOpen = false
    }

    private fun <T> whileOpen(value: () -> T): T {
        check(isOpen) { "Image is already closed" }
        return value()
    }

    private fun plane(values: ByteArray, stride: Int) = plane(ByteBuffer.wrap(values), stride)

    private fun plane(values: ByteBuffer, stride: Int) = object : Plane() {
        override fun getRowStride(): Int = stride

        override fun getPixelStride(): Int = 1

        override fun getBuffer(): ByteBuffer = values.duplicate()
    }
}

/** The picture in grey, as a camera whose sensor is turned against the upright picture gives it. */
internal fun cameraImage(
    entry: JSONObject,
    rotation: Int,
    nanoseconds: Long,
    format: Int = ImageFormat.YUV_420_888,
): FakeImage {
    val (width, height) = entry.getInt("width") to entry.getInt("height")
    val rgb = entry.rgb()
    val turned = rotation % 180 != 0
    val (columns, rows) = if (turned) height to width else width to height
    val grey = ByteArray(width * height) { at ->
        val (column, row) = at % columns to at / columns
        val (x, y) = when (rotation) {
            0 -> column to row
            90 -> width - 1 - row to column
            180 -> width - 1 - column to height - 1 - row
            else -> row to height - 1 - column
        }
        rgb[3 * (y * width + x) + 1]
    }
    return FakeImage(columns, rows, grey, nanoseconds, format)
}
