/* What to tell someone whose face is not read well. */
package org.faceemotionkit.sample

private const val PATIENCE = 0.8 // seconds that a problem must last before it is mentioned
private const val MARGIN = 0.08 // of a box's width, that may lie outside the picture

/** What is wrong with the faces in view. */
enum class Hint { NO_FACE, CUT_OFF, TOO_SMALL }

/** Returns what is wrong with a picture's faces (the widest counts), or null. */
fun problemOf(reading: Reading): Hint? {
    val face = reading.faces.maxByOrNull { it.box.width } ?: return Hint.NO_FACE
    val box = face.box
    val margin = MARGIN * box.width
    val cut = box.xMin < -margin || box.yMin < -margin ||
        box.xMax > reading.width + margin || box.yMax > reading.height + margin
    return if (cut) Hint.CUT_OFF else Hint.TOO_SMALL.takeIf { face.small }
}

/** Lets a problem through once it has lasted, and takes it away at once. */
class HintSettler {
    private var pending: Hint? = null
    private var since = 0.0

    /** Returns what to show of the [problem] seen at [seconds]. */
    fun settle(problem: Hint?, seconds: Double): Hint? {
        if (problem != pending) {
            pending = problem
            since = seconds
        }
        return problem.takeIf { seconds - since >= PATIENCE }
    }

    /** Forgets what was pending. */
    fun reset() {
        pending = null
    }
}
