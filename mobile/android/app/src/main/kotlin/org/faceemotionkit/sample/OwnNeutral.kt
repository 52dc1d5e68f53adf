/* Learning a person's own neutral from the camera, and knowing for how long it counts. No android.* class. */
package org.faceemotionkit.sample

import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face

private const val LESSON = 2.0 // seconds of frames that are learnt from

/** How matters stand with the own neutral of whoever is in front of the camera; the words are in the resources. */
enum class Neutral {
    /** Nothing was learnt yet, or it was forgotten. */
    READY,
    LEARNING,
    IN_USE,

    /** Learning was broken off, and nothing was kept: no face in view, or several, or another than at the beginning. */
    NO_FACE,
    SEVERAL_FACES,
    OTHER_FACE,

    /** It was in use, and was dropped with its face, or with the camera. */
    FACE_LEFT,
    CAMERA_LEFT,
}

/**
 * A person's own neutral from the first frame of a lesson until it is forgotten. It is bound to the track that it was
 * learnt from, and lives in memory only.
 *
 * @param use told the baselines of tracks that frames are to be read with from now on
 */
class OwnNeutral(private val use: (Map<Int, Baseline>) -> Unit) {
    var state = Neutral.READY
        private set

    /** The track of the face that is being learnt or was. */
    var track: Int? = null
        private set

    private var learner: FaceLearner? = null
    private var since = 0.0
    private var seen = 0.0

    /** Starts a lesson with the next frame; what was learnt before is dropped. */
    fun begin(learner: FaceLearner) {
        become(Neutral.LEARNING)
        this.learner = learner
    }

    /** Forgets everything because the user says so. */
    fun forget() = become(Neutral.READY)

    /** Forgets everything because the camera was left; says so if there was something. */
    fun leave() = when (state) {
        Neutral.LEARNING, Neutral.IN_USE -> become(Neutral.CAMERA_LEFT)
        Neutral.CAMERA_LEFT -> Unit // still to be said
        else -> become(Neutral.READY)
    }

    /**
     * A frame was read at [seconds].
     *
     * @param memory seconds after which a track without a face is forgotten
     */
    fun frame(faces: List<Face>, seconds: Double, memory: Double) {
        val lesson = learner
        if (lesson != null) {
            learn(lesson, faces, seconds)
        } else if (state == Neutral.IN_USE) {
            if (faces.any { it.track == track }) seen = seconds
            if (seconds - seen > memory) become(Neutral.FACE_LEFT)
        }
    }

    private fun learn(lesson: FaceLearner, faces: List<Face>, seconds: Double) {
        val face = faces.singleOrNull()
        when {
            face == null -> become(if (faces.isEmpty()) Neutral.NO_FACE else Neutral.SEVERAL_FACES)
            track != null && face.track != track -> become(Neutral.OTHER_FACE)
            else -> {
                lesson.add(faces)
                if (track == null) since = seconds
                track = face.track
                if (seconds - since >= LESSON) keep(face.track, lesson.baseline(), seconds)
            }
        }
    }

    private fun keep(track: Int, baseline: Baseline, seconds: Double) {
        learner = null
        seen = seconds
        state = Neutral.IN_USE
        use(mapOf(track to baseline))
    }

    private fun become(next: Neutral) {
        if (state == Neutral.IN_USE) use(emptyMap())
        learner = null
        track = null
        state = next
    }
}
