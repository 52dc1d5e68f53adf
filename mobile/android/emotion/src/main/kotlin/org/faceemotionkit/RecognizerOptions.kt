package org.faceemotionkit

import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.InvalidOptionsException
import org.faceemotionkit.core.LOOK_EVERY
import org.faceemotionkit.core.Reach

/**
 * How a recognizer is loaded and works; values that do not change.
 *
 *     val options = RecognizerOptions { threads(1).mostFaces(3).head(Head.VOTES) } // Java: new Builder()….build()
 *
 * @property model where the classifier's files are; [detector] where the face detector's are
 * @property threads of each network, 1 to 16
 * @property head whose answer: [Head.LABELS] (FER2013's annotators), [Head.VOTES] (the ten people of FER+ that were asked
 *   about each image) or [Head.BOTH] (the model's blend of them)
 * @property reach of still pictures where a call does not say; null: what the model's contract states
 * @property lookEvery seconds between two looks at whole frames of a video, between which faces are followed by the
 *   motion of their pixels, which costs much less: a new face is seen that much later; 0: each frame is looked at
 * @property smallestFace faces whose upright box is narrower than so many pixels of the upright image are left out
 * @property mostFaces of an image are read, the largest; 1 or more
 * @property baseline taken off the answer of every face where a call names none; null: nothing is
 */
public class RecognizerOptions private constructor(
    public val model: ModelSource,
    public val detector: ModelSource,
    public val threads: Int,
    public val head: Head,
    public val reach: Reach?,
    public val lookEvery: Double,
    public val smallestFace: Double,
    public val mostFaces: Int,
    public val baseline: Baseline?,
) {
    /** A builder in which everything is set as it is here. */
    public fun toBuilder(): Builder = Builder().also {
        it.model = model
        it.detector = detector
        it.threads = threads
        it.head = head
        it.reach = reach
        it.lookEvery = lookEvery
        it.smallestFace = smallestFace
        it.mostFaces = mostFaces
        it.baseline = baseline
    }

    private val values
        get() = listOf(model, detector, threads, head, reach, lookEvery, smallestFace, mostFaces, baseline)

    override fun equals(other: Any?): Boolean = this === other || (other is RecognizerOptions && values == other.values)

    override fun hashCode(): Int = values.hashCode()

    override fun toString(): String = "RecognizerOptions(model=$model, detector=$detector, threads=$threads, " +
        "head=$head, reach=$reach, lookEvery=$lookEvery, smallestFace=$smallestFace, mostFaces=$mostFaces, " +
        "baseline=${baseline?.head})"

    /** Makes options; what is not set has the value that is usual. */
    public class Builder {
        internal var model = ModelSource.assets()
        internal var detector = ModelSource.assets()
        internal var threads = 2
        internal var head: Head? = null
        internal var reach: Reach? = null
        internal var lookEvery = LOOK_EVERY
        internal var smallestFace = 0.0
        internal var mostFaces = Int.MAX_VALUE
        internal var baseline: Baseline? = null

        public fun model(source: ModelSource): Builder = apply { model = source }

        public fun detector(source: ModelSource): Builder = apply { detector = source }

        public fun threads(count: Int): Builder = apply { threads = count }

        /** Usual: that of the baseline, or both. */
        public fun head(head: Head): Builder = apply { this.head = head }

        public fun reach(reach: Reach): Builder = apply { this.reach = reach }

        public fun lookEvery(seconds: Double): Builder = apply { lookEvery = seconds }

        public fun smallestFace(pixels: Double): Builder = apply { smallestFace = pixels }

        public fun mostFaces(count: Int): Builder = apply { mostFaces = count }

        public fun baseline(baseline: Baseline?): Builder = apply { this.baseline = baseline }

        /** Throws [InvalidOptionsException] for a value out of its range, or two that contradict each other. */
        public fun build(): RecognizerOptions {
            require(threads in 1..MOST_THREADS) { "threads $threads: 1 to $MOST_THREADS are expected." }
            require(lookEvery >= 0 && lookEvery < Double.POSITIVE_INFINITY) {
                "lookEvery $lookEvery: 0 or more seconds are expected."
            }
            require(smallestFace >= 0 && smallestFace < Double.POSITIVE_INFINITY) {
                "smallestFace $smallestFace: 0 or more pixels are expected."
            }
            require(mostFaces >= 1) { "mostFaces $mostFaces: 1 or more are expected." }
            val learnt = baseline?.head
            val asked = head ?: learnt ?: Head.BOTH
            require(learnt == null || learnt == asked) {
                "head $asked and a baseline of head $learnt contradict each other: " +
                    "leave one out, or learn the neutral face with head $asked."
            }
            return RecognizerOptions(
                model,
                detector,
                threads,
                asked,
                reach,
                lookEvery,
                smallestFace,
                mostFaces,
                baseline,
            )
        }

        private inline fun require(fits: Boolean, sentence: () -> String) {
            if (!fits) throw InvalidOptionsException(sentence())
        }
    }

    public companion object {
        private const val MOST_THREADS = 16

        /** Kotlin's way to a builder. */
        @JvmSynthetic
        public operator fun invoke(set: Builder.() -> Unit): RecognizerOptions = Builder().apply(set).build()
    }
}
