/*
 * Normalisation of a grey crop: its contrast is stretched to the range of a well-lit face before the network sees it.
 * Twin of face_emotion/normalization.py: integer arithmetic only, so that the bytes are Python's.
 */
@file:JvmName("-Normalization")

package org.faceemotionkit.core

private const val LEVELS = 256

/** What is done to a crop: nothing, or a stretch of its contrast. [entry]: what manifest.json calls it. */
internal enum class NormalizationKind(val entry: String) { NONE("none"), STRETCH("stretch") }

/**
 * How a crop's grey levels become the network's.
 *
 * A stretch maps the grey levels of two of the crop's pixels, ranked by grey level, to [low] and [high], those between
 * and beyond them linearly, cut off at 0 and 255.
 *
 * @property tailPermille those two are the pixels with this share of a thousand (0..499) below and above them
 * @property low and [high]: 0..255, low < high
 * @property smallestRange a crop whose two levels are less than this apart (1..255) is flat, and stays as it is: there
 *   is nothing in it but noise to stretch
 */
internal class Normalization(
    val kind: NormalizationKind = NormalizationKind.NONE,
    val tailPermille: Int = 20,
    val low: Int = 12,
    val high: Int = 242,
    val smallestRange: Int = 8,
)

/** A grey crop as the network is to see it: one byte a pixel, as many as in [greys], which stay as they are. */
internal fun normalized(greys: ByteArray, normalization: Normalization): ByteArray {
    if (normalization.kind == NormalizationKind.NONE || greys.isEmpty()) return greys
    val (darkest, brightest) = rangeOf(greys, normalization.tailPermille)
    val spread = brightest - darkest
    if (spread < normalization.smallestRange) return greys
    val target = normalization.high - normalization.low
    val table = ByteArray(LEVELS) { grey ->
        val stretched = 2 * (grey - darkest) * target + (2 * normalization.low + 1) * spread
        Math.floorDiv(stretched, 2 * spread).coerceIn(0, LEVELS - 1).toByte() // floor: rounded down below 0 as well
    }
    return ByteArray(greys.size) { table[greys[it].toInt() and 0xff] }
}

/** The two levels, 0..255, of a crop that a stretch starts from. */
private fun rangeOf(greys: ByteArray, tailPermille: Int): Pair<Int, Int> {
    val counts = IntArray(LEVELS)
    for (grey in greys) counts[grey.toInt() and 0xff]++
    val rank = greys.size * tailPermille / 1000
    return levelAt(rank, counts) to levelAt(greys.size - 1 - rank, counts)
}

/** The level of the pixel at a rank from 0, darkest first. */
private fun levelAt(rank: Int, counts: IntArray): Int {
    var before = 0
    return counts.indices.first { level ->
        before += counts[level]
        before > rank
    }
}
