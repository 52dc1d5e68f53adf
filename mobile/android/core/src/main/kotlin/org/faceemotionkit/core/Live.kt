/*
 * The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then. Twin of
 * face_emotion/live.py, whose docstring defines every step.
 */
@file:JvmName("-Live")

package org.faceemotionkit.core

/** Seconds between two looks at whole frames of a video, where nothing else is said. */
@InternalKitApi
public const val LOOK_EVERY: Double = 0.5

private const val GLANCE_EVERY = 2.0 // seconds
private const val GLANCE_EMPTY = 1.0
private const val STEP_EVERY = 0.1
private const val MOST_FOLLOWED = 16 // faces
private const val MOST_HELD = 32

/** A detector's state of one video. */
internal fun interface Live {
    /** The faces of the next frame, highest score first; [time] in seconds. */
    fun faces(frame: Frame, time: Double): List<Detection>
}

/**
 * The state of one video: the faces of its last frame, and nothing else of it.
 *
 * @param search of the detector
 * @param lookEvery seconds, 0: each frame is looked at
 */
internal class LiveSearch(private val search: Search, private val lookEvery: Double = LOOK_EVERY) : Live {
    private val follower = Follower()
    private var size = 0 to 0
    private var known = emptyList<Detection>()
    private var anchors = emptyList<Follower.Anchor>() // of all known faces, or of none
    private var time = Double.NEGATIVE_INFINITY
    private var looked = Double.NEGATIVE_INFINITY
    private var glanced = Double.NEGATIVE_INFINITY
    private var glance: Glance? = null

    override fun faces(frame: Frame, time: Double): List<Detection> {
        if (size != frame.width to frame.height || time < this.time) begin(frame)
        val pause = time - this.time
        this.time = time
        if (pause >= GLANCE_EMPTY) glance = null
        val moved = anchors.map { it.follow(frame) }
        val followed = moved.filterNotNull()
        val isWhole = known.isNotEmpty() && followed.size == known.size && time - looked < lookEvery
        val isFollowed = isWhole && areApart(followed)
        val before = known.mapIndexed { at, old -> moved.getOrNull(at) ?: old }
        val faces = if (isFollowed) followed else look(frame, before)
        val all = glanceOn(frame, faces, pause)
        if (isFollowed && all === faces) {
            known = followed
        } else {
            val kept = if (isFollowed) followed.zip(anchors) else emptyList()
            known = all.sortedByDescending(Detection::score)
            anchors = anchorsOf(frame, known, kept)
        }
        return known
    }

    /** Begins another video. */
    private fun begin(frame: Frame) {
        size = frame.width to frame.height
        known = emptyList()
        anchors = emptyList()
        time = Double.NEGATIVE_INFINITY
        looked = time
        glanced = time
        glance = null
    }

    /** The faces of a frame that is looked at. [before]: those of the frame before, as far as they were followed. */
    private fun look(frame: Frame, before: List<Detection>): List<Detection> {
        var found = search.near(frame)
        for (old in before.take(MOST_HELD)) {
            if (old.turn == 0 && search.overlapping(old.box, found).isNotEmpty()) continue
            found = search.lookAgain(frame, old)?.let { search.withSurer(found, it) } ?: found
        }
        looked = time
        val isLost = before.isNotEmpty() && found.isEmpty()
        val since = if (found.isEmpty()) GLANCE_EMPTY else GLANCE_EVERY
        if (isLost || (glance == null && time - glanced >= since)) {
            glance = Glance(search)
            glanced = time
        }
        return found
    }

    /** [faces] with those that a glance under way finds. [pause]: since the frame before, in seconds. */
    private fun glanceOn(frame: Frame, faces: List<Detection>, pause: Double): List<Detection> {
        val glance = glance ?: return faces
        val steps = (pause / STEP_EVERY).coerceIn(1.0, MOST_STEPS.toDouble()).toInt()
        val all = glance.goOn(frame, faces, steps)
        if (glance.isDone) this.glance = null
        return all
    }

    /**
     * What follows the faces of a frame, if they are not too many, and all sure enough and not too flat. [kept]: what
     * follows some of them already.
     */
    private fun anchorsOf(
        frame: Frame,
        faces: List<Detection>,
        kept: List<Pair<Detection, Follower.Anchor>>,
    ): List<Follower.Anchor> {
        val cannot = lookEvery == 0.0 || faces.size > MOST_FOLLOWED
        if (cannot || !faces.all(search::isConfirmed)) return emptyList()
        return faces.mapNotNull { face ->
            kept.firstOrNull { (old, _) -> old === face }?.second ?: follower.anchor(frame, face)
        }.takeIf { it.size == faces.size }.orEmpty()
    }

    private fun areApart(faces: List<Detection>) =
        faces.indices.none { search.overlapping(faces[it].box, faces.subList(0, it)).isNotEmpty() }
}

/** Throws an IllegalArgumentException for seconds between two looks that are below 0, or not finite. */
internal fun requireLookEvery(lookEvery: Double): Unit = require(isFinite(lookEvery) && lookEvery >= 0) {
    "lookEvery $lookEvery: 0 or more seconds are expected"
}
