/* Whether XNNPACK's int8 kernels run a model. Twin of face_emotion/kernel_check.py, which defines the inputs. */
@file:JvmName("-KernelCheck")

package org.faceemotionkit.core

private const val FILE = "kernels.json"
private const val FORMAT = 1
private const val SQUARES = 6
private const val FACTOR = 1664525
private const val SUMMAND = 1013904223

/** Inputs that other kernels than XNNPACK's answer otherwise, and XNNPACK's answers. */
@InternalKitApi
public class KernelCheck private constructor(private val answers: Map<Int, List<Int>>, private val size: Int) {
    /** Whether a classifier answers every input as XNNPACK does; ends at the first that differs. */
    public fun passes(classifier: Classifier): Boolean =
        answers.all { (number, expected) -> classifier.raw(mosaic(number, size)) == expected }

    @InternalKitApi
    public companion object {
        /**
         * Reads the check of a model's folder; null if it has none.
         *
         * @throws ModelDamagedException if it is damaged, or about another int8 file than the manifest's
         */
        @JvmStatic
        public fun of(folder: ModelFolder): KernelCheck? {
            val fields = folder.unlisted(FILE) ?: return null
            if (!fields.has("format") || fields.count("format") != FORMAT) fields.refuse("format", "$FORMAT")
            if (fields.text("model") != folder.identity()) fields.refuse("model", "the sha256 of the int8 file")
            val answers = fields.objects("inputs").associate { entry ->
                entry.wholeIn("number", 0..Int.MAX_VALUE) to entry.wholesIn("logits", 0..255)
            }
            return if (answers.isEmpty()) null else KernelCheck(answers, folder.contract().inputSize)
        }

        /** size * size grey levels in 6 x 6 squares; the generator's whole numbers wrap around as Int's do. */
        internal fun mosaic(number: Int, size: Int): ByteArray {
            var state = number
            val levels = ByteArray(SQUARES * SQUARES) {
                state = state * FACTOR + SUMMAND
                (state ushr 24).toByte()
            }
            val side = size / SQUARES
            return ByteArray(size * size) { levels[it / size / side * SQUARES + it % size / side] }
        }
    }
}
