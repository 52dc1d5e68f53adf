/* What a .tflite file says of itself, read without running it. Twin of face_emotion/carried.py. */
@file:JvmName("-Carried")

package org.faceemotionkit.core

import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.zip.DataFormatException
import java.util.zip.Inflater

private const val LABELS_FILE = "labels.txt"
private const val MOST_BYTES = 64 * 1024 // of a list of names
private const val END = 0x06054b50
private const val END_BYTES = 22
private const val ENTRY = 0x02014b50
private const val ENTRY_BYTES = 46
private const val LOCAL_BYTES = 30
private const val STORED = 0

/**
 * The class names that stand as an associated file in a zip archive behind a .tflite file's network, in the order of its
 * outputs; null where there is none.
 *
 * @throws DataFormatException if the archive is damaged
 */
internal fun carriedLabels(content: ByteArray): List<String>? = try {
    val bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN)
    packedLabels(bytes)?.let { String(it, Charsets.UTF_8).removeSuffix("\n").split("\n") }
} catch (error: IndexOutOfBoundsException) {
    throw DataFormatException(error.message)
} catch (error: BufferUnderflowException) {
    throw DataFormatException(error.message)
} catch (error: IllegalArgumentException) { // a place before the start or behind the end
    throw DataFormatException(error.message)
}

/** Walks through the archive's directory, which stands at the end. */
private fun packedLabels(bytes: ByteBuffer): ByteArray? {
    val end = bytes.capacity() - END_BYTES
    if (end < 0 || bytes.getInt(end) != END) return null
    var place = end - bytes.getInt(end + 12)
    val offset = place - bytes.getInt(end + 16) // where the archive begins, if its addresses count from there
    while (place + ENTRY_BYTES <= end && bytes.getInt(place) == ENTRY) {
        val nameLength = bytes.length16(place + 28)
        if (String(bytes.part(place + ENTRY_BYTES, nameLength), Charsets.UTF_8) == LABELS_FILE) {
            return unpacked(bytes, place, bytes.getInt(place + 42) + offset)
        }
        place += ENTRY_BYTES + nameLength + bytes.length16(place + 30) + bytes.length16(place + 32)
    }
    return null
}

private fun unpacked(bytes: ByteBuffer, entry: Int, local: Int): ByteArray {
    val size = bytes.getInt(entry + 24)
    if (size !in 0..MOST_BYTES) throw DataFormatException("$LABELS_FILE is longer than $MOST_BYTES bytes")
    val start = local + LOCAL_BYTES + bytes.length16(local + 26) + bytes.length16(local + 28)
    val packed = bytes.part(start, bytes.getInt(entry + 20))
    if (bytes.length16(entry + 10) == STORED) return packed
    val inflater = Inflater(true)
    try {
        inflater.setInput(packed + 0) // one byte more, which a raw stream's end may ask for
        val names = ByteArray(size)
        var done = 0
        while (done < size) {
            val count = inflater.inflate(names, done, size - done)
            if (count == 0) throw DataFormatException("$LABELS_FILE ends too early")
            done += count
        }
        return names
    } finally {
        inflater.end()
    }
}

private fun ByteBuffer.length16(place: Int) = getShort(place).toInt() and 0xffff

private fun ByteBuffer.part(start: Int, length: Int): ByteArray {
    if (length < 0) throw DataFormatException("a file of $length bytes")
    val part = duplicate()
    part.position(start)
    if (part.remaining() < length) throw BufferUnderflowException()
    return ByteArray(length).also { part.get(it) }
}
