package org.faceemotionkit.sample

import org.faceemotionkit.core.Face

/** Returns the number that a face goes by: its track's, or its place in a still picture. */
fun numberOf(face: Face, index: Int): Int = if (face.track == Face.NO_TRACK) index + 1 else face.track

/** The face's label, or null where it is not certain: then "unclear" is shown and said in its place. */
val Face.sureLabel: String? get() = label.takeIf { certain }

/** Returns what a screen reader says of a face's probabilities, the largest first: "happy 87 %, neutral 9 %, …". */
fun spokenShares(face: Face, labels: List<String>): String = labels.zip(face.probabilities)
    .sortedByDescending { it.second }
    .joinToString { (label, share) -> "$label ${percent(share)}" }
