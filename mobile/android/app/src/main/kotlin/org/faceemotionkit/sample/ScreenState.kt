/* What the screen shows, as one immutable value: facts on top, what follows from them below. No android.* class. */
package org.faceemotionkit.sample

import org.faceemotionkit.core.Face

/** Where pictures come from. */
enum class Source { CAMERA, PICTURE }

/** Which way a camera looks. */
enum class Lens {
    FRONT,
    BACK,
    ;

    /** The other one. */
    val other: Lens get() = if (this == FRONT) BACK else FRONT
}

/** What the button of a card does. */
enum class Action { START_CAMERA, ASK_AGAIN, OPEN_SETTINGS, RETRY_CAMERA, PICK_PICTURE, LOAD_AGAIN }

/** What stands on the stage while there is no picture to look at; the words are in the resources. */
enum class Card(val action: Action? = null) {
    LOADING,
    MODEL_MISSING(Action.LOAD_AGAIN),
    MODEL_DAMAGED(Action.LOAD_AGAIN),
    MODEL_FAILED(Action.LOAD_AGAIN),
    WELCOME(Action.START_CAMERA),
    REFUSED(Action.ASK_AGAIN),
    REFUSED_FOR_EVER(Action.OPEN_SETTINGS),
    NO_CAMERA(Action.PICK_PICTURE),
    STARTING,
    CAMERA_BUSY(Action.RETRY_CAMERA),
    CAMERA_BARRED(Action.RETRY_CAMERA),
    CAMERA_GONE(Action.RETRY_CAMERA),
    CAMERA_FAILED(Action.RETRY_CAMERA),
    PICTURE(Action.PICK_PICTURE),
    READING,
    UNREADABLE(Action.PICK_PICTURE),
    TIFF(Action.PICK_PICTURE),
    TINY(Action.PICK_PICTURE),
    UNSCALED(Action.PICK_PICTURE),
}

/**
 * The faces of one picture.
 *
 * @property width of the upright picture in pixels; [height] likewise
 * @property milliseconds that finding and reading the faces took
 */
class Reading(
    val faces: List<Face>,
    val width: Int,
    val height: Int,
    val milliseconds: Double,
)

/**
 * The state of the screen.
 *
 * @property labels the model's class names; null until it is loaded
 * @property modelProblem why it could not be; [detail]: the library's own sentence on a failure, if there is one
 * @property visible whether the activity is on screen
 * @property lenses of the device
 * @property refusal what the user's answer to the permission dialog means; null while nothing was asked
 * @property picture address of the chosen picture
 * @property reading of the frame or the picture on the stage; null while there is none
 * @property framesPerSecond null until two frames were read
 * @property spoken labels (null: unclear) of the faces that a screen reader was told of; null while there is nothing to
 *   tell
 * @property learnable whether the model can learn a person's own neutral
 * @property neutral how matters stand with it; [neutralTrack]: of which face
 */
data class ScreenState(
    val source: Source = Source.CAMERA,
    val lens: Lens = Lens.FRONT,
    val labels: List<String>? = null,
    val modelProblem: Card? = null,
    val detail: String? = null,
    val visible: Boolean = false,
    val lenses: Set<Lens> = emptySet(),
    val granted: Boolean = false,
    val refusal: Card? = null,
    val cameraProblem: Card? = null,
    val picture: String? = null,
    val pictureProblem: Card? = null,
    val reading: Reading? = null,
    val framesPerSecond: Double? = null,
    val hint: Hint? = null,
    val spoken: List<String?>? = null,
    val learnable: Boolean = false,
    val neutral: Neutral = Neutral.READY,
    val neutralTrack: Int? = null,
) {
    /** What to show in place of a picture; null while there is one. */
    val card: Card?
        get() = when {
            modelProblem != null -> modelProblem
            source == Source.PICTURE && picture == null -> Card.PICTURE
            source == Source.PICTURE -> pictureProblem ?: if (reading == null) Card.READING else null
            labels == null -> Card.LOADING
            lenses.isEmpty() -> Card.NO_CAMERA
            !granted -> refusal ?: Card.WELCOME
            cameraProblem != null -> cameraProblem
            else -> if (reading == null) Card.STARTING else null
        }

    /** The camera that has to be open in this state; null for none. */
    val openLens: Lens?
        get() = lens.takeIf {
            visible && labels != null && source == Source.CAMERA && granted && it in lenses && cameraProblem == null
        }

    /** Whether the picture on the stage is a mirror image, as people know themselves from mirrors. */
    val mirrored: Boolean get() = source == Source.CAMERA && lens == Lens.FRONT

    /** Whether there is another camera to switch to. */
    val switchable: Boolean get() = source == Source.CAMERA && lenses.size > 1

    /** Whether a person's own neutral can be learnt now: the camera runs. */
    val teachable: Boolean get() = learnable && source == Source.CAMERA && card == null

    /** Whether there is a result to share. */
    val shareable: Boolean get() = card == null && reading?.faces.orEmpty().isNotEmpty()
}
