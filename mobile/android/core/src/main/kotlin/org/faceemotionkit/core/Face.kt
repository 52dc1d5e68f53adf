package org.faceemotionkit.core

import java.util.Collections

/**
 * A rectangle in pixels of the upright image: x to the right, y down, the first pixel covers 0 to 1. It may reach
 * outside the image.
 */
public data class Box(
    public val xMin: Double,
    public val yMin: Double,
    public val xMax: Double,
    public val yMax: Double,
) {
    public val width: Double get() = xMax - xMin
    public val height: Double get() = yMax - yMin
    public val centerX: Double get() = (xMin + xMax) / 2
    public val centerY: Double get() = (yMin + yMax) / 2
}

/** A point in pixels of the upright image; the centre of the first pixel is (0.5, 0.5). */
public data class Point(public val x: Double, public val y: Double)

/**
 * One face of an image: a value that does not change. Twin of face_emotion.Face, with its names.
 *
 * @property box in pixels of the upright image
 * @property track a number from 1 that stays with this face from frame to frame, [NO_TRACK] for a still picture
 * @property probabilities of each label, 0..1, in the order of the labels; smoothed over time if there is a track
 * @property label the expression to show: the most probable one, or for a track the one that the contract's hysteresis
 *   holds
 * @property score the detector's, 0..1
 * @property keypoints the detector's points by name, right_eye and left_eye (the person's own) among them, in pixels of
 *   the upright image
 * @property certain whether the largest of the probabilities is as large as the contract's unsure_below: otherwise show
 *   "unclear" in place of the label, which stays the best guess; in Java `isCertain`
 * @property small whether the face has fewer pixels than the network sees, so that it had to be enlarged: it is read
 *   less surely; in Java `isSmall`
 */
public class Face internal constructor(
    public val box: Box,
    public val track: Int,
    probabilities: List<Float>,
    public val label: String,
    public val score: Float,
    keypoints: Map<String, Point>,
    @get:JvmName("isCertain") public val certain: Boolean,
    @get:JvmName("isSmall") public val small: Boolean,
    internal val answer: Answer?,
    internal val answerer: Answerer?,
) {
    public val probabilities: List<Float> = Collections.unmodifiableList(ArrayList(probabilities))
    public val keypoints: Map<String, Point> = Collections.unmodifiableMap(LinkedHashMap(keypoints))

    /** A face that no recognizer found: for tests and previews of an app. */
    @JvmOverloads
    public constructor(
        box: Box,
        track: Int,
        probabilities: List<Float>,
        label: String,
        score: Float,
        keypoints: Map<String, Point> = emptyMap(),
        certain: Boolean = true,
        small: Boolean = false,
    ) : this(box, track, probabilities, label, score, keypoints, certain, small, null, null)

    /** What to show of it: the label, or [UNCLEAR]. */
    public val shown: String get() = if (certain) label else UNCLEAR

    /** The two eyes, that on the image's left first; empty if [keypoints] has none. */
    public val eyes: List<Point> get() = EYES.mapNotNull(keypoints::get).sortedBy(Point::x)

    private val values get() = listOf(box, track, probabilities, label, score, keypoints, certain, small)

    /** Whether everything that is said of the other face is the same. */
    override fun equals(other: Any?): Boolean = this === other || (other is Face && values == other.values)

    override fun hashCode(): Int = values.hashCode()

    override fun toString(): String = "Face(label=$label, certain=$certain, score=$score, track=$track, box=$box)"

    public companion object {
        public const val NO_TRACK: Int = 0

        /** What is shown of a face whose expression is not certain. */
        public const val UNCLEAR: String = "unclear"
    }
}
