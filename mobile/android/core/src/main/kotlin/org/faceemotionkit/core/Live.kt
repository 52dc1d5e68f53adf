/*
 * The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then. Twin of
 * face_emotion/live.py, whose docstring defines every step.
 */
package org.faceemotionkit.core

/** Seconds between two looks at whole frames of a video, where nothing else is said. */
public const val LOOK_EVERY: Double = 0.5

private const val GLANCE_EVERY = 2.0 // seconds
private const val GLANCE_EMPTY = 1.0
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
    private var known = emptyList<Detection>()
    private var anchors = emptyList<Follower.Anchor>() // of all known faces, or of none
    private var looked = Double.NEGATIVE_INFINITY
    private var glanced = Double.NEGATIVE_INFINITY
    private var size = 0 to 0

    override fun faces(frame: Frame, time: Double): List<Detection> {
        if (size != frame.width to frame.height || time < looked) {
            size = frame.width to frame.height
            known = emptyList()
            anchors = emptyList()
        }
        val moved = anchors.map { it.follow(frame) }
        val followed = moved.filterNotNull()
        val isFollowed = known.isNotEmpty() && followed.size == known.size && time - looked < lookEvery
        if (isFollowed && areApart(followed)) {
            known = followed
        } else {
            val before = known.mapIndexed { index, old -> moved.getOrNull(index) ?: old }
            known = look(frame, time, before)
            anchors = anchorsOf(frame, known)
            looked = time
        }
        return known
    }

    /** The faces of a frame that is looked at. [before]: those of the frame before, as far as they were followed. */
    private fun look(frame: Frame, time: Double, before: List<Detection>): List<Detection> {
        var found = search.near(frame)
        val since = time - glanced
        var glances = !(since >= 0 && since < if (found.isEmpty()) GLANCE_EMPTY else GLANCE_EVERY)
        if (glances) found = search.glance(frame)
        for (old in before.take(MOST_HELD)) {
            if (old.turn != 0 || search.overlapping(old, found).isEmpty()) found = held(frame, old, found)
        }
        if (before.isNotEmpty() && found.isEmpty() && !glances) {
            glances = true
            found = search.glance(frame)
        }
        if (glances) glanced = time
        return found.sortedByDescending(Detection::score)
    }

    /** The faces with one of the frame before, where it is still there. */
    private fun held(frame: Frame, old: Detection, found: List<Detection>): List<Detection> {
        val face = search.lookAgain(frame, old) ?: return found
        val others = search.overlapping(face, found)
        return if (others.any { it.score >= face.score }) found else found - others.toSet() + face
    }

    /** What follows the faces of a frame, if they are not too many, and all sure enough and not too flat. */
    private fun anchorsOf(frame: Frame, faces: List<Detection>): List<Follower.Anchor> {
        if (faces.size > MOST_FOLLOWED || !faces.all(search::isConfirmed)) return emptyList()
        return faces.mapNotNull { follower.anchor(frame, it) }.takeIf { it.size == faces.size }.orEmpty()
    }

    private fun areApart(faces: List<Detection>) =
        faces.indices.none { search.overlapping(faces[it], faces.subList(0, it)).isNotEmpty() }
}

/** Throws an IllegalArgumentException for seconds between two looks that are below 0, or not finite. */
public fun requireLookEvery(lookEvery: Double): Unit = require(isFinite(lookEvery) && lookEvery >= 0) {
    "lookEvery $lookEvery: 0 or more seconds are expected"
}
