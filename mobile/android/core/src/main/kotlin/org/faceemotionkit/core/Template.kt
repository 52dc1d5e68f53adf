/* The levels of a face that is followed, and the motion of them. Twin of Template in face_emotion/follower.py. */
@file:JvmName("-Template")

package org.faceemotionkit.core

import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.atan2
import kotlin.math.hypot
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sqrt

private const val SIZE = Template.SIZE
private const val WINDOW = Template.WINDOW
private const val FLATTEST = 9.0 // grey levels squared: of a template that can be followed
private const val FLAT = 1e-9 // below that a variance is none
private const val ROUNDS = 8
private const val SMALLEST_TURN = 0.001
private const val SMALLEST_STEP = 0.01
private const val MOST_ZOOM = 1.3
private const val MOST_TURN = 25 * PI / 180
private const val FIT = 0.8
private const val NUMBERS = 4 // the numbers of a step: a, b, s, t

/** The motion z -> alpha z + tau of a template's pixels: alpha's real and imaginary part, tau's are [x] and [y]. */
internal class Motion(val real: Double, val imaginary: Double, val x: Double, val y: Double) {
    val zoom get() = hypot(real, imaginary)
    val turn get() = atan2(imaginary, real)

    /** Whether a face may move so far from one frame to the next; not, if a number is none. */
    fun isLikely(): Boolean = zoom in 1 / MOST_ZOOM..MOST_ZOOM && abs(turn) <= MOST_TURN &&
        max(abs(x), abs(y)) <= (WINDOW - SIZE) / 2.0
}

/**
 * The levels of a face, and what does not change while they are looked for; [of] makes one.
 *
 * @param levels standardised, of the pixels of [whole]; [solve]: of a difference from them the step
 */
internal class Template private constructor(
    private val levels: DoubleArray,
    private val half: DoubleArray,
    private val solve: Array<DoubleArray>,
) {
    private val seen = DoubleArray(levels.size)

    /**
     * Where the template is in a window of the next frame.
     *
     * @param window WINDOW * WINDOW grey levels, row by row
     * @return the motion in pixels of the template, or null where the face is lost
     */
    fun motion(window: DoubleArray): Motion? {
        var motion = nearby(window)
        for (round in 0 until ROUNDS) {
            read(window, motion)
            val a = step(solve[0])
            val b = step(solve[1])
            val s = step(solve[2])
            val t = step(solve[3])
            // alpha / (1 + a + i b), as complex numbers are divided, then tau - alpha (s + i t)
            val size = (1 + a) * (1 + a) + b * b
            val real = (motion.real * (1 + a) + motion.imaginary * b) / size
            val imaginary = (motion.imaginary * (1 + a) - motion.real * b) / size
            val x = motion.x - (real * s - imaginary * t)
            val y = motion.y - (real * t + imaginary * s)
            motion = Motion(real, imaginary, x, y)
            if (!motion.isLikely()) return null
            if (abs(a) + abs(b) < SMALLEST_TURN && abs(s) + abs(t) < SMALLEST_STEP) break
        }
        read(window, motion)
        var fit = 0.0
        for (at in levels.indices) fit += whole.weights[at] * levels[at] * seen[at]
        return motion.takeIf { fit >= FIT }
    }

    private fun step(solve: DoubleArray): Double {
        var sum = 0.0
        for (at in solve.indices) sum += solve[at] * (seen[at] - levels[at])
        return sum
    }

    /** Where the template fits best, by whole pixels of the halved window. */
    private fun nearby(window: DoubleArray): Motion {
        val halved = halved(window, WINDOW)
        val most = (WINDOW - SIZE) / 4
        var best = Double.NEGATIVE_INFINITY
        var motion = Motion(1.0, 0.0, 0.0, 0.0)
        for (row in 0..2 * most) {
            for (column in 0..2 * most) {
                var mean = 0.0
                var square = 0.0
                var product = 0.0
                for (at in half.indices) {
                    val level = halved[(halves.row[at] + row) * (WINDOW / 2) + halves.column[at] + column]
                    val weighed = halves.weights[at] * level
                    mean += weighed
                    square += weighed * level
                    product += weighed * half[at]
                }
                val fit = product / sqrt(max(square - mean * mean, FLAT))
                if (fit > best) {
                    best = fit
                    motion = Motion(1.0, 0.0, 2.0 * (column - most), 2.0 * (row - most))
                }
            }
        }
        return motion
    }

    /** Reads the window at the places of the template's pixels into [seen], standardised. */
    private fun read(window: DoubleArray, motion: Motion) {
        val middleX = motion.x + (WINDOW - 1) / 2.0
        val middleY = motion.y + (WINDOW - 1) / 2.0
        for (at in seen.indices) {
            val u = whole.u[at]
            val v = whole.v[at]
            val x = (motion.real * u - motion.imaginary * v + middleX).coerceIn(0.0, WINDOW - 1.0)
            val y = (motion.imaginary * u + motion.real * v + middleY).coerceIn(0.0, WINDOW - 1.0)
            val column = min(x.toInt(), WINDOW - 2)
            val row = min(y.toInt(), WINDOW - 2)
            val right = x - column
            val place = row * WINDOW + column
            val above = window[place] + (window[place + 1] - window[place]) * right
            val low = place + WINDOW
            val below = window[low] + (window[low + 1] - window[low]) * right
            seen[at] = above + (below - above) * (y - row)
        }
        standardise(seen, whole.weights)
    }

    /** The pixels of a square that have a weight, row by row: those in its corners are not the face. */
    private class Grid(val size: Int) {
        private val middle = (size - 1) / 2.0
        private val radius = size / 2.0
        private val places = (0 until size * size).filter { weight(it) > 0 }
        val column = IntArray(places.size) { places[it] % size }
        val row = IntArray(places.size) { places[it] / size }
        val u = DoubleArray(places.size) { column[it] - middle }
        val v = DoubleArray(places.size) { row[it] - middle }
        val weights = DoubleArray(places.size) { weight(places[it]) }.also { weights ->
            val total = weights.sum()
            for (at in weights.indices) weights[at] /= total
        }

        fun of(levels: DoubleArray) = DoubleArray(places.size) { levels[places[it]] }

        private fun weight(place: Int): Double {
            val (across, down) = place % size - middle to place / size - middle
            return max(0.0, 1 - (across * across + down * down) / (radius * radius))
        }
    }

    companion object {
        /** Sides in pixels of a template and of the window in which it is looked for. */
        const val SIZE = 24
        const val WINDOW = 36
        private val whole = Grid(SIZE)
        private val halves = Grid(SIZE / 2)

        /** The template of SIZE * SIZE [grey] levels, row by row; null where they are too flat to tell a motion. */
        fun of(grey: DoubleArray): Template? {
            val levels = grey.copyOf()
            val mean = mean(whole.of(levels), whole.weights)
            for (at in levels.indices) levels[at] -= mean
            val variance = whole.of(levels).let { mean(DoubleArray(it.size) { at -> it[at] * it[at] }, whole.weights) }
            if (!(variance >= FLATTEST)) return null
            for (at in levels.indices) levels[at] /= sqrt(variance)
            val half = halves.of(halved(levels, SIZE)).also { standardise(it, halves.weights) }
            val seen = whole.of(levels)
            val steepest = steepest(levels, seen)
            val inverse = inverse(
                Array(NUMBERS) { j ->
                    DoubleArray(NUMBERS) { k ->
                        mean(DoubleArray(seen.size) { steepest[j][it] * steepest[k][it] }, whole.weights)
                    }
                },
            ) ?: return null
            val solve = Array(NUMBERS) { j ->
                DoubleArray(seen.size) { at ->
                    (0 until NUMBERS).sumOf { k -> inverse[j][k] * steepest[k][at] } * whole.weights[at]
                }
            }
            return Template(seen, half, solve)
        }

        /** By how much each pixel changes with each number of a step, less what gain and offset make of it. */
        private fun steepest(levels: DoubleArray, seen: DoubleArray): Array<DoubleArray> {
            val across = DoubleArray(seen.size) { slope(levels, whole.row[it] * SIZE, 1, whole.column[it]) }
            val down = DoubleArray(seen.size) { slope(levels, whole.column[it], SIZE, whole.row[it]) }
            val made = arrayOf(
                DoubleArray(seen.size) { across[it] * whole.u[it] + down[it] * whole.v[it] },
                DoubleArray(seen.size) { down[it] * whole.u[it] - across[it] * whole.v[it] },
                across,
                down,
            )
            for (row in made) {
                val mean = mean(row, whole.weights)
                for (at in row.indices) row[at] -= mean
                val share = mean(DoubleArray(row.size) { row[it] * seen[it] }, whole.weights)
                for (at in row.indices) row[at] -= share * seen[at]
            }
            return made
        }

        /** The gradient at [place] of a line of SIZE levels that begins at [first]. */
        private fun slope(levels: DoubleArray, first: Int, stride: Int, place: Int): Double {
            val before = max(place - 1, 0)
            val after = min(place + 1, SIZE - 1)
            return (levels[first + after * stride] - levels[first + before * stride]) / (after - before)
        }
    }
}

private fun mean(values: DoubleArray, weights: DoubleArray): Double {
    var sum = 0.0
    for (at in values.indices) sum += weights[at] * values[at]
    return sum
}

/** Gives levels the weighted mean 0 and variance 1; flat ones become 0. */
private fun standardise(values: DoubleArray, weights: DoubleArray) {
    val mean = mean(values, weights)
    var variance = 0.0
    for (at in values.indices) {
        values[at] -= mean
        variance += weights[at] * values[at] * values[at]
    }
    val factor = if (variance > FLAT) 1 / sqrt(variance) else 0.0
    for (at in values.indices) values[at] *= factor
}

/** The means of 2 x 2 pixels of a square of [size]. */
private fun halved(levels: DoubleArray, size: Int): DoubleArray = DoubleArray(size * size / 4) {
    val at = it / (size / 2) * 2 * size + it % (size / 2) * 2
    (levels[at] + levels[at + 1] + levels[at + size] + levels[at + size + 1]) / 4
}

/** The inverse of a matrix by Gauss's elimination, or null where it has none. */
private fun inverse(matrix: Array<DoubleArray>): Array<DoubleArray>? {
    val size = matrix.size
    val rows = Array(size) { row ->
        matrix[row] + DoubleArray(size) { column -> if (column == row) 1.0 else 0.0 }
    }
    for (column in 0 until size) {
        val pivot = (column until size).maxBy { abs(rows[it][column]) }
        if (rows[pivot][column] == 0.0) return null
        rows[column] = rows[pivot].also { rows[pivot] = rows[column] }
        val scale = rows[column][column]
        for (at in rows[column].indices) rows[column][at] /= scale
        for (row in 0 until size) {
            val factor = rows[row][column]
            if (row != column) for (at in rows[row].indices) rows[row][at] -= factor * rows[column][at]
        }
    }
    return Array(size) { rows[it].copyOfRange(size, 2 * size) }
}
