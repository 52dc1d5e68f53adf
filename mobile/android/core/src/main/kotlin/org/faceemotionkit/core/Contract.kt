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
 * What turns an image into probabilities.
 *
 * @property labels class names in the order of the network's outputs
 * @property inputSize side of the square grey input in pixels
 * @property luma weights of red, green and blue in a grey level; they sum to 1
 */
public class Contract internal constructor(
    public val labels: List<String>,
    public val inputSize: Int,
    public val luma: DoubleArray,
    internal val crop: Crop,
    internal val smoothing: Smoothing,
) {
    /** The narrowest box, in pixels, that fills the input without being enlarged. */
    public val smallestFace: Double get() = crop.boxWidth * inputSize

    internal companion object {
        /** Reads the entry "contract" of a manifest; throws [ModelDamagedException] naming an unusable entry of it. */
        fun read(manifest: Fields): Contract {
            val labels = manifest.names("contract.labels")
            if (labels.size < 2) manifest.refuse("contract.labels", "a list of at least 2 names")
            val center = manifest.fractions("contract.crop.box_center", 2)
            return Contract(
                labels = labels,
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
            )
        }
    }
}
