/* Stable identities: which face of this frame is which face of those before. Twin of face_emotion/tracker.py. */
@file:JvmName("-Tracker")

package org.faceemotionkit.core

import kotlin.math.max
import kotlin.math.min
import kotlin.math.sqrt

internal const val NO_MATCH = 1000.0
private const val STALL = 3

/**
 * Gives each face a number that stays the same from frame to frame.
 *
 * @param resetAfter seconds without a face after which its track is forgotten, > 0
 */
internal class Tracker(private val resetAfter: Double) {
    private class Track(val box: Box, val seen: Double)

    private val tracks = LinkedHashMap<Int, Track>() // in the order of the numbers: new ones are appended
    private var count = 0
    private var time = Double.NEGATIVE_INFINITY

    /**
     * The number of each box's track.
     *
     * @param boxes not empty, in pixels; [time]: of the frame in seconds
     * @throws IllegalArgumentException if the time or a box is unusable; then nothing has changed
     */
    fun update(boxes: List<Box>, time: Double): List<Int> {
        requireTime(time)
        boxes.forEach(::requireUsable)
        if (time < this.time) tracks.clear()
        val last = this.time
        this.time = time
        tracks.values.removeAll { time - it.seen > resetAfter * if (it.seen == last) STALL else 1 }
        val known = tracks.keys.toList()
        val costs = known.map { number -> boxes.map { matchCost(tracks.getValue(number).box, it) } }
        val matched = HashMap<Int, Int>()
        assign(costs).forEachIndexed { row, column ->
            if (column != null && costs[row][column] < NO_MATCH) matched[column] = known[row]
        }
        return boxes.mapIndexed { column, box ->
            val number = matched[column] ?: ++count
            tracks[number] = Track(box, time)
            number
        }
    }
}

/** What it costs to take two boxes for one face: from 0 for equal boxes to [NO_MATCH] if they are not one. */
internal fun matchCost(old: Box, new: Box): Double {
    val side = (old.width + old.height) / 2
    val newSide = (new.width + new.height) / 2
    val across = new.centerX - old.centerX
    val down = new.centerY - old.centerY
    val gap = sqrt(across * across + down * down) / ((side + newSide) / 2)
    if (gap >= 1 || max(side, newSide) >= 2 * min(side, newSide)) return NO_MATCH
    return gap + 1 - intersectionOverUnion(old, new)
}

/** The shared area of two boxes over their joint area, 0..1. */
internal fun intersectionOverUnion(one: Box, other: Box): Double {
    val width = max(0.0, min(one.xMax, other.xMax) - max(one.xMin, other.xMin))
    val height = max(0.0, min(one.yMax, other.yMax) - max(one.yMin, other.yMin))
    val shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)
}

internal fun requireTime(time: Double) = require(isFinite(time)) {
    "time $time: a finite number of seconds is expected"
}
