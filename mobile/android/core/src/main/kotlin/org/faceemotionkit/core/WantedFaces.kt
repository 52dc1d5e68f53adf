package org.faceemotionkit.core

/**
 * Which of the faces of an image are read.
 *
 * @param smallest the narrowest box of an upright face, in pixels of the upright image
 * @param most how many; the largest are taken
 */
@InternalKitApi
public class WantedFaces(private val smallest: Double = 0.0, private val most: Int = Int.MAX_VALUE) {
    /** Those that are wanted, in their order. */
    internal fun of(found: List<Detection>): List<Detection> {
        val large = largeEnough(found)
        if (large.size <= most) return large
        val kept = large.indices.sortedByDescending { large[it].uprightBox.width }.take(most)
        return kept.sorted().map(large::get)
    }

    /** Those that are not too small, however many. */
    internal fun largeEnough(found: List<Detection>): List<Detection> = found.filter { it.uprightBox.width >= smallest }
}
