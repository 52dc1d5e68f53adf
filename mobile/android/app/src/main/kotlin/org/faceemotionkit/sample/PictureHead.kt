/*
 * What a picture file says of itself: of which kind it is, and how it is to be turned. Android's own ExifInterface finds
 * the latter in JPEG alone before Android 12. No android.* class.
 */
package org.faceemotionkit.sample

import java.io.DataInputStream
import java.io.EOFException
import java.io.InputStream

/** Of what kind a file is, by its first bytes. */
enum class PictureKind { JPEG, PNG, WEBP, TIFF, OTHER }

/**
 * What stands in a file beside the pixels.
 *
 * @property orientation EXIF's, 1 to 8, 1 if there is none; null if the kind is one that this file knows nothing of
 * @property hasDeepLevels whether it is a PNG of 16 bits a channel
 */
class PictureHead(val kind: PictureKind, val orientation: Int?, val hasDeepLevels: Boolean = false)

private const val UPRIGHT = 1
private const val LARGEST_EXIF = 1 shl 20 // bytes: what is longer is left alone
private const val ORIENTATION_TAG = 0x0112
private const val SHORT = 3 // the tag's type

/** Reads a file from its start as far as it has to be read; what is damaged in it counts as not there. */
fun headOf(stream: InputStream): PictureHead {
    val file = DataInputStream(stream.buffered())
    val start = ByteArray(12)
    try {
        file.readFully(start, 0, 4)
        return when (val word = word(start, 0)) {
            0x49492a00, 0x4d4d002a -> PictureHead(PictureKind.TIFF, UPRIGHT)
            0x89504e47.toInt() -> png(file)
            0x52494646 -> { // RIFF
                file.readFully(start, 4, 8)
                if (word(start, 8) == 0x57454250) PictureHead(PictureKind.WEBP, webp(file)) else unknown()
            }
            else -> if (word ushr 16 == 0xffd8) jpeg(file, start) else unknown()
        }
    } catch (_: EOFException) {
        return unknown()
    }
}

private fun unknown() = PictureHead(PictureKind.OTHER, null)

/** [start]: the first four bytes, two of which belong to the first segment. */
private fun jpeg(file: DataInputStream, start: ByteArray): PictureHead {
    val orientation = orUpright {
        var marker = start[3].toInt() and 0xff
        while (marker != 0xda && marker != 0xd9) { // pixels begin, or the file ends
            val content = file.readUnsignedShort() - 2
            if (marker == 0xe1 && content > 0) {
                val exif = ByteArray(content).also(file::readFully)
                if (isExif(exif)) return@orUpright orientationIn(exif)
            } else {
                file.skipAll(content)
            }
            if (file.readUnsignedByte() != 0xff) break
            do marker = file.readUnsignedByte() while (marker == 0xff)
        }
        UPRIGHT
    }
    return PictureHead(PictureKind.JPEG, orientation)
}

private fun png(file: DataInputStream): PictureHead {
    var bits = 0
    val orientation = orUpright {
        file.skipAll(4)
        while (true) {
            val length = file.readInt()
            val type = file.readInt()
            when (type) {
                0x49484452 -> { // IHDR: width, height, bits
                    file.skipAll(8)
                    bits = file.readUnsignedByte()
                    file.skipAll(length - 9)
                }
                0x65584966 -> if (length in 0..LARGEST_EXIF) { // eXIf
                    return@orUpright orientationIn(ByteArray(length).also(file::readFully))
                }
                0x49454e44 -> return@orUpright UPRIGHT // IEND
                else -> file.skipAll(length)
            }
            file.skipAll(4) // the chunk's checksum
        }
        @Suppress("UNREACHABLE_CODE")
        UPRIGHT
    }
    return PictureHead(PictureKind.PNG, orientation, hasDeepLevels = bits == 16)
}

private fun webp(file: DataInputStream): Int = orUpright {
    while (true) {
        val type = file.readInt()
        val length = Integer.reverseBytes(file.readInt())
        if (type == 0x45584946 && length in 0..LARGEST_EXIF) { // EXIF
            return@orUpright orientationIn(ByteArray(length).also(file::readFully))
        }
        file.skipAll(length + length % 2)
    }
    @Suppress("UNREACHABLE_CODE")
    UPRIGHT
}

private fun isExif(block: ByteArray) =
    block.size >= 6 && word(block, 0) == 0x45786966 && block[4] == 0.toByte() && block[5] == 0.toByte()

/** The orientation in a block of EXIF, with its six bytes "Exif" in front or without. */
private fun orientationIn(block: ByteArray): Int {
    val base = if (isExif(block)) 6 else 0
    val isLittle = byte(block, base) == 0x49
    fun short(at: Int): Int {
        val (one, other) = byte(block, base + at) to byte(block, base + at + 1)
        return if (isLittle) other shl 8 or one else one shl 8 or other
    }

    fun long(at: Int) = if (isLittle) short(at + 2) shl 16 or short(at) else short(at) shl 16 or short(at + 2)
    if (short(2) != 42) return UPRIGHT
    val directory = long(4)
    for (index in 0 until short(directory)) {
        val entry = directory + 2 + 12 * index
        if (short(entry) == ORIENTATION_TAG && short(entry + 2) == SHORT) {
            return short(entry + 8).takeIf { it in 1..8 } ?: UPRIGHT
        }
    }
    return UPRIGHT
}

private inline fun orUpright(read: () -> Int): Int = try {
    read()
} catch (_: EOFException) {
    UPRIGHT
}

/** A byte of a block; EOFException behind its end. */
private fun byte(block: ByteArray, at: Int): Int =
    if (at in block.indices) block[at].toInt() and 0xff else throw EOFException()

private fun word(block: ByteArray, at: Int): Int = (0 until 4).fold(0) { word, k -> word shl 8 or byte(block, at + k) }

/** Skips bytes, EOFException if there are not as many. */
private fun DataInputStream.skipAll(count: Int) {
    var left = count
    if (left < 0) throw EOFException()
    while (left > 0) {
        val skipped = skipBytes(left)
        if (skipped == 0) {
            readByte()
            left -= 1
        }
        left -= skipped
    }
}
