package org.faceemotionkit.core

/** A grid of anchors: one cell every [stride] pixels, [count] anchors in each. */
internal class AnchorGrid(val stride: Int, val count: Int)

/**
 * What the detector's manifest says under "detector"; face_emotion/detector.py says what each entry is for.
 *
 * @property inputSize side of the square input in pixels
 * @property keypoints names, right_eye and left_eye (the person's own) among them
 * @property scoreThreshold, [iouThreshold]: 0..1
 * @property scoreClip > 0
 */
public class DetectorSettings internal constructor(
    internal val inputSize: Int,
    internal val anchors: List<AnchorGrid>,
    internal val keypoints: List<String>,
    internal val scoreThreshold: Double,
    internal val scoreClip: Double,
    internal val iouThreshold: Double,
) {
    internal companion object {
        /** Throws [ModelDamagedException] naming the entry that is missing or unusable. */
        fun read(manifest: Fields): DetectorSettings {
            val anchors = manifest.objects("detector.anchors").map { AnchorGrid(it.count("stride"), it.count("count")) }
            if (anchors.isEmpty()) manifest.refuse("detector.anchors", "at least one grid")
            val keypoints = manifest.names("detector.keypoints")
            if (!keypoints.containsAll(EYES)) manifest.refuse("detector.keypoints", EYES.joinToString(" and "))
            return DetectorSettings(
                inputSize = manifest.count("detector.input_size"),
                anchors = anchors,
                keypoints = keypoints,
                scoreThreshold = manifest.fraction("detector.score_threshold"),
                scoreClip = manifest.positive("detector.score_clip"),
                iouThreshold = manifest.fraction("detector.iou_threshold"),
            )
        }

        val EYES = listOf("right_eye", "left_eye")
    }
}
