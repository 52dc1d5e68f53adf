package org.faceemotionkit.core

/** What came into the contract with manifests of format 2, and what those of format 1 mean; see [Contract]. */
internal class Additions(
    val heads: List<Head> = listOf(Head.LABELS),
    val blend: DoubleArray = doubleArrayOf(1.0),
    val sharpness: DoubleArray = doubleArrayOf(1.0),
    val normalization: Normalization = Normalization(),
    val unsureBelow: Double = 0.0,
    val baselineStrength: Double = 0.0,
    val reach: Reach = Reach.NEAR,
) {
    companion object {
        private const val HEADS = "contract.heads"
        private const val NORMALIZATION = "contract.normalization"
        private const val LARGEST_WEIGHT = 100.0
        private const val LEAST_SHARPNESS = 1e-6
        private val KNOWN_HEADS = listOf(Head.LABELS, Head.VOTES)
        private val ENTRIES =
            listOf("heads", "blend", "sharpness", "normalization", "unsure_below", "baseline_strength", "reach")

        /** Those of format 1; throws [ModelDamagedException] if the manifest has one of the entries all the same. */
        fun none(manifest: Fields): Additions {
            ENTRIES.map { "contract.$it" }.find(manifest::has)?.let { manifest.refuse(it, "a manifest of format 2") }
            return Additions()
        }

        /** Throws [ModelDamagedException] naming the entry that is missing or unusable. */
        fun read(manifest: Fields): Additions {
            val names = manifest.names(HEADS)
            val heads = KNOWN_HEADS.filter { it.entry in names }
            if (heads.isEmpty() || heads.map(Head::entry) != names) manifest.refuse(HEADS, "labels, votes or both")
            val blend = manifest.numbersIn("contract.blend", heads.size, 0.0, LARGEST_WEIGHT)
            if (blend.sum() <= 0) manifest.refuse("contract.blend", "one head that weighs more than 0")
            val sharpness = manifest.numbersIn("contract.sharpness", heads.size, LEAST_SHARPNESS, LARGEST_WEIGHT)
            return Additions(
                heads = heads,
                blend = blend.toDoubleArray(),
                sharpness = sharpness.toDoubleArray(),
                normalization = normalization(manifest),
                unsureBelow = manifest.fraction("contract.unsure_below"),
                baselineStrength = manifest.fraction("contract.baseline_strength"),
                reach = manifest.oneOf("contract.reach", Reach.values().asList(), Reach::entry),
            )
        }

        private fun normalization(manifest: Fields): Normalization {
            val kinds = NormalizationKind.values().asList()
            val found = Normalization(
                kind = manifest.oneOf("$NORMALIZATION.kind", kinds, NormalizationKind::entry),
                tailPermille = manifest.wholeIn("$NORMALIZATION.tail_permille", 0..499),
                low = manifest.wholeIn("$NORMALIZATION.low", 0..255),
                high = manifest.wholeIn("$NORMALIZATION.high", 0..255),
                smallestRange = manifest.wholeIn("$NORMALIZATION.smallest_range", 1..255),
            )
            if (found.low >= found.high) manifest.refuse("$NORMALIZATION.low", "a level below $NORMALIZATION.high")
            return found
        }
    }
}
