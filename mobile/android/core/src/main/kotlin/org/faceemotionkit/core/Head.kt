package org.faceemotionkit.core

/**
 * Whose answer a network gives. Twin of `head` in face_emotion/recognizer.py.
 *
 * @property entry what manifest.json calls it
 */
public enum class Head(internal val entry: String) {
    /** What the annotators of FER2013 would say; in a model of own classes, what its images were labelled as. */
    LABELS("labels"),

    /** What the ten people of FER+ that were asked about each image would say. */
    VOTES("votes"),

    /** The blend of the model's heads that its contract states; of a model with one head, that head. */
    BOTH("both"),
}
