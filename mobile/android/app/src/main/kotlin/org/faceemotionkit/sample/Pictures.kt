/* Reading a picture that the user chose. */
package org.faceemotionkit.sample

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Matrix
import android.media.ExifInterface
import android.net.Uri
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream

private const val LARGEST_SIDE = 2048 // pixels: more than a screen shows, and 16 MB at most

/**
 * Reads a picture upright, as a bitmap in ordinary memory of at most about 2048 pixels a side.
 *
 * @throws IOException if it cannot be opened or is no picture
 * @throws SecurityException if the permission to read it has ended
 */
fun readPicture(resolver: ContentResolver, address: Uri): Bitmap {
    val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
    opened(resolver, address) { BitmapFactory.decodeStream(it, null, bounds) }
    val options = BitmapFactory.Options().apply {
        inSampleSize = sampleSize(bounds.outWidth, bounds.outHeight)
        inPreferredConfig = Bitmap.Config.ARGB_8888
    }
    val bitmap = opened(resolver, address) { BitmapFactory.decodeStream(it, null, options) }
        ?: throw IOException("$address: no picture")
    return upright(bitmap, opened(resolver, address, ::orientationOf))
}

/** Returns the power of two by which a picture is made smaller while it is decoded. */
fun sampleSize(width: Int, height: Int): Int {
    var size = 1
    while (maxOf(width, height) / size > LARGEST_SIDE) size *= 2
    return size
}

private fun <T> opened(resolver: ContentResolver, address: Uri, read: (InputStream) -> T): T {
    val stream = resolver.openInputStream(address) ?: throw FileNotFoundException("$address: cannot be opened")
    return stream.use(read)
}

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
    return Bitmap.createBitmap(bitmap, 0, 0, bitmap.width, bitmap.height, matrix, true)
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
