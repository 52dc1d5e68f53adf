/* Reading a picture that the user chose, as face_emotion/pictures.py defines it. */
package org.faceemotionkit.sample

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.ColorSpace
import android.graphics.Matrix
import android.media.ExifInterface
import android.net.Uri
import org.faceemotionkit.core.FrameSource
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream

private const val LARGEST_SIDE = 2048 // pixels: more than a screen shows, and 16 MB at most
private const val LARGEST_UNSCALED = 16 // of 255: a level 4095 of 65535

/** A picture that cannot be shown; [problem] says why. */
class UnreadablePictureException(val problem: Card, message: String) : IOException(message)

/**
 * Reads a picture upright, as a bitmap in ordinary memory of at most about 2048 pixels a side: its first frame, in
 * sRGB, with 8 bits a channel.
 *
 * @throws IOException if it cannot be opened or is no picture
 * @throws SecurityException if the permission to read it has ended
 */
fun readPicture(resolver: ContentResolver, address: Uri): Bitmap {
    val head = opened(resolver, address, ::headOf)
    if (head.kind == PictureKind.TIFF) throw UnreadablePictureException(Card.TIFF, "$address: a TIFF file")
    val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
    opened(resolver, address) { BitmapFactory.decodeStream(it, null, bounds) }
    val options = BitmapFactory.Options().apply {
        inSampleSize = sampleSize(bounds.outWidth, bounds.outHeight)
        inPreferredConfig = Bitmap.Config.ARGB_8888
        inPreferredColorSpace = ColorSpace.get(ColorSpace.Named.SRGB)
    }
    val bitmap = opened(resolver, address) { BitmapFactory.decodeStream(it, null, options) }
        ?: throw IOException("$address: no picture")
    if (minOf(bitmap.width, bitmap.height) < FrameSource.LEAST_SIDE) {
        throw UnreadablePictureException(Card.TINY, "$address: ${bitmap.width} x ${bitmap.height} pixels")
    }
    if (head.hasDeepLevels && bitmap.isUnscaled()) {
        throw UnreadablePictureException(Card.UNSCALED, "$address: 16 bits a channel with levels up to 4095 alone")
    }
    return upright(bitmap, head.orientation ?: opened(resolver, address, ::orientationOf))
}

/** Returns the power of two by which a picture is made smaller while it is decoded. */
fun sampleSize(width: Int, height: Int): Int {
    var size = 1
    while (maxOf(width, height) / size > LARGEST_SIDE &&
        minOf(width, height) / (2 * size) >= FrameSource.LEAST_SIDE
    ) {
        size *= 2
    }
    return size
}

/** Whether levels of 10 or 12 bits stand in 16, which whoever is handed 8 of them sees as black. */
private fun Bitmap.isUnscaled(): Boolean {
    val row = IntArray(width)
    return (0 until height).all { y ->
        getPixels(row, 0, width, 0, y, width, 1)
        row.all { pixel -> listOf(16, 8, 0).all { pixel shr it and 0xff <= LARGEST_UNSCALED } }
    }
}

private fun <T> opened(resolver: ContentResolver, address: Uri, read: (InputStream) -> T): T {
    val stream = resolver.openInputStream(address) ?: throw FileNotFoundException("$address: cannot be opened")
    return stream.use(read)
}

/** Of a kind that [headOf] does not know: HEIF and AVIF, where ExifInterface says how the image itself is turned. */
private fun orientationOf(stream: InputStream): Int = try {
    ExifInterface(stream).getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_NORMAL)
} catch (_: IOException) { // a picture without EXIF
    ExifInterface.ORIENTATION_NORMAL
}

private fun upright(bitmap: Bitmap, orientation: Int): Bitmap {
    val matrix = Matrix()
    val (degrees, flipped) = turnOf(orientation)
    matrix.postRotate(degrees)
    if (flipped) matrix.postScale(-1f, 1f)
    if (matrix.isIdentity) return bitmap
    return Bitmap.createBitmap(bitmap, 0, 0, bitmap.width, bitmap.height, matrix, false)
}

/**
 * Returns by how many degrees clockwise a picture of an EXIF [orientation] is turned, and whether it is flipped
 * sideways then.
 */
fun turnOf(orientation: Int): Pair<Float, Boolean> = when (orientation) {
    ExifInterface.ORIENTATION_FLIP_HORIZONTAL -> 0f to true
    ExifInterface.ORIENTATION_ROTATE_180 -> 180f to false
    ExifInterface.ORIENTATION_FLIP_VERTICAL -> 180f to true
    ExifInterface.ORIENTATION_TRANSPOSE -> 90f to true
    ExifInterface.ORIENTATION_ROTATE_90 -> 90f to false
    ExifInterface.ORIENTATION_TRANSVERSE -> 270f to true
    ExifInterface.ORIENTATION_ROTATE_270 -> 270f to false
    else -> 0f to false
}
