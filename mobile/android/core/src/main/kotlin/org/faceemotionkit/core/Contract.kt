/* The contract between training and every runtime, read from manifest.json. Twin of face_emotion/contract.py. */
package org.faceemotionkit.core

/**
 * Where a face stands in the square crop that the network was trained on.
 *
 * @property boxWidth width of the detector's box as a fraction of the crop's side, > 0
 * @property centerX the box's centre in the crop, as fractions of the side, y down
 * @property maxSamples upper bound on the samples a side that are averaged into one grey level
 */
internal class Crop(val boxWidth: Double, val centerX: Double, val centerY: Double, val maxSamples: Int)

/**
 * Constants of the smoothing of a track's probabilities over time.
 *
 * @property timeConstant seconds after which a new expression has 63 % of the weight, > 0
 * @property switchMargin how far (0..1) a label must lead the shown one to replace it
 * @property resetAfter seconds without a face after which a track's state is forgotten, > 0
 */
internal class Smoothing(val timeConstant: Double, val switchMargin: Double, val resetAfter: Double)

/**
 * How far away faces may be. Twin of `reach` in face_emotion/recognizer.py.
 *
 * @property entry what manifest.json calls it
 */
public enum class Reach(internal val entry: String) {
    /** One look at the whole image: faces of about a sixth of its longer side and more, upright or nearly so. */
    NEAR("near"),

    /** Small and turned faces as well, by many looks: for still pictures, since it takes tenths of a second and more. */
    FAR("far"),
}

/**
 * What turns an image into probabilities.
 *
 * @property labels class names in the order of a head's outputs
 * @property heads what the network's logits are, head after head: [Head.LABELS], [Head.VOTES] or both of them
 * @property blend weight (0..100) of each head's logits in the default answer, which is the softmax of their weighted
 *   sum
 * @property sharpness what (0..100) each head's logits are multiplied by in its own answer, which calibrates it
 * @property inputSize side of the square grey input in pixels
 * @property luma weights of red, green and blue in a grey level; they sum to 1
 * @property unsureBelow an answer whose largest probability (0..1) is less than this is unsure; 0: none is
 * @property baselineStrength how much (0..1) of a person's own neutral answer is taken off; 0: nothing
 * @property reach of the face detector in still pictures
 */
@InternalKitApi
public class Contract internal constructor(
    public val labels: List<String>,
    public val heads: List<Head>,
    internal val blend: DoubleArray,
    internal val sharpness: DoubleArray,
    public val inputSize: Int,
    public val luma: DoubleArray,
    internal val crop: Crop,
    internal val smoothing: Smoothing,
    internal val normalization: Normalization,
    internal val unsureBelow: Double,
    internal val baselineStrength: Double,
    public val reach: Reach,
) {
    /** Seconds without a face after which its track is forgotten. */
    public val trackMemory: Double get() = smoothing.resetAfter

    /** The weight of each head's logits in an answer; throws [HeadMissingException] if the network lacks the head. */
    internal fun weights(head: Head): DoubleArray {
        if (head == Head.BOTH) return blend
        if (head !in heads) {
            val known = (heads + Head.BOTH).joinToString(" or ")
            throw HeadMissingException("The model has no head $head: use $known.")
        }
        return DoubleArray(heads.size) { if (heads[it] == head) sharpness[it] else 0.0 }
    }

    internal companion object {
        /**
         * Reads the entry "contract" of a manifest; throws [ModelDamagedException] naming an unusable entry of it.
         *
         * @param format of the manifest; those of format 1 say nothing of what came with format 2, see [Additions]
         */
        fun read(manifest: Fields, format: Int): Contract {
            val labels = manifest.names("contract.labels")
            if (labels.size < 2) manifest.refuse("contract.labels", "a list of at least 2 names")
            val center = manifest.fractions("contract.crop.box_center", 2)
            val added = if (format == 1) Additions.none(manifest) else Additions.read(manifest)
            return Contract(
                labels = labels,
                heads = added.heads,
                blend = added.blend,
                sharpness = added.sharpness,
                inputSize = manifest.count("contract.input_size"),
                luma = manifest.fractions("contract.luma", 3).toDoubleArray(),
                crop = Crop(
                    boxWidth = manifest.positive("contract.crop.box_width"),
                    centerX = center[0],
                    centerY = center[1],
                    maxSamples = manifest.count("contract.crop.max_samples"),
                ),
                smoothing = Smoothing(
                    timeConstant = manifest.positive("contract.smoothing.time_constant"),
                    switchMargin = manifest.fraction("contract.smoothing.switch_margin"),
                    resetAfter = manifest.positive("contract.smoothing.reset_after"),
                ),
                normalization = added.normalization,
                unsureBelow = added.unsureBelow,
                baselineStrength = added.baselineStrength,
                reach = added.reach,
            )
        }
    }
}
