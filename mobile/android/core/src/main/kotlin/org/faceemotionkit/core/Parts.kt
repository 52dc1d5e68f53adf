/* Where a picture is looked at in full size. Twin of face_emotion/parts.py. */
@file:JvmName("-Parts")

package org.faceemotionkit.core

import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.max
import kotlin.math.min

private const val SHRINK = 0.9 // of the picture, until its parts are few enough
private const val ENLARGE = 1.25 // times the far size: below that the parts show no more than the look at the whole

/**
 * Where a picture of width x height pixels lies in each of the squares that show it at full size, row by row.
 *
 * Small pictures are enlarged, at most twice; those that would need too many squares are shrunk by a tenth until they are
 * enough. None where the longer side is less than 1.25 of the far size.
 */
internal fun parts(width: Int, height: Int, settings: YuNetSettings): List<Letterbox> {
    val rules = settings.far
    val side = max(width, height)
    var longer = max(side, min(2 * side, rules.fineSide))
    fun starts(length: Int): List<Int> {
        val beyond = floor(length.toDouble() * longer / side + 0.5).toInt() - settings.farSize
        if (beyond <= 0) return listOf(0)
        val steps = ceil(beyond.toDouble() / (settings.farSize - rules.overlap)).toInt()
        return (0..steps).map { floor(it.toDouble() * beyond / steps + 0.5).toInt() }
    }
    while (starts(width).size * starts(height).size > rules.mostParts && longer > settings.farSize) {
        longer = floor(longer * SHRINK).toInt()
    }
    if (longer < ENLARGE * settings.farSize) return emptyList()
    return starts(height).flatMap { top ->
        starts(width).map { left -> Letterbox.ofPart(width, height, longer, left, top) }
    }
}
