package org.faceemotionkit.core

import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.frameOf
import org.faceemotionkit.testing.greyDifference
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.point
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.vectors
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.FloatBuffer
import kotlin.math.abs

class GeometryTest {
    private val contract = ModelFolder.open(FolderFiles(MODELS), "small").contract()
    private val golden = released("small/golden.json")

    private fun sampler(regionLimit: Int = 1 shl 20) =
        GreySampler(contract.inputSize, contract.luma, contract.crop.maxSamples, regionLimit)

    @Test
    fun `crops are Python's, within the golden file's tolerance`() = checkCrops(golden.getJSONArray("crops").objects())

    @Test
    fun `crops of large and turned faces are Python's`() = checkCrops(vectors().getJSONArray("crops").objects())

    private fun checkCrops(crops: List<JSONObject>) {
        assertTrue(crops.size > 5)
        for ((index, entry) in crops.withIndex()) {
            val transform = entry.getJSONObject("transform").run {
                Transform(getDouble("center_x"), getDouble("center_y"), getDouble("side"), getDouble("angle"))
            }
            if (entry.has("box")) {
                val (left, right) = entry.getJSONArray("eyes").lists().map { it.point() }
                val found = cropTransform(entry.getJSONArray("box").box(), left, right, contract.crop)
                assertEquals("crop $index", transform.centerX, found.centerX, 1e-9)
                assertEquals("crop $index", transform.centerY, found.centerY, 1e-9)
                assertEquals("crop $index", transform.side, found.side, 1e-9)
                assertEquals("crop $index", transform.angle, found.angle, 1e-12)
            }
            val tolerance = golden.getJSONObject("tolerance").getInt("crop_grey_levels")
            for (limit in listOf(1 shl 20, 500)) {
                val grey = sampler(limit).sample(entry.frame(), transform)
                val difference = greyDifference(grey, entry.bytes("grey"))
                assertTrue("crop $index, region of $limit: $difference grey levels", difference <= tolerance)
            }
        }
    }

    @Test
    fun `a crop read in bands is the same to the bit`() {
        val frame = noise(200, 150)
        for (angle in listOf(0.0, 0.3, -1.2, 3.0)) {
            val transform = Transform(90.0, 80.0, 170.0, angle)
            assertArrayEquals(sampler().sample(frame, transform), sampler(100).sample(frame, transform))
        }
    }

    @Test
    fun `outside the image its border goes on`() {
        val grey = frameOf(ByteArray(3 * 4 * 4) { if (it < 24) 10 else 90.toByte() }, 4, 4)
        for ((y, level) in listOf(-500.0 to 10, 500.0 to 90)) {
            val crop = sampler().sample(grey, Transform(-300.0, y, 50.0, 0.5))
            assertTrue(crop.all { it.toInt() == level })
        }
    }

    @Test
    fun `a whole image is a crop around its middle`() {
        assertEquals(Transform(10.0, 25.0, 50.0, 0.0), wholeImage(20, 50))
    }

    @Test
    fun `boxes and transforms that are none are refused`() {
        val eye = Point(1.0, 1.0)
        for (box in listOf(Box(0.0, 0.0, 0.0, 1.0), Box(0.0, 2.0, 1.0, 1.0), Box(Double.NaN, 0.0, 1.0, 1.0))) {
            assertThrows(IllegalArgumentException::class.java) { cropTransform(box, eye, eye, contract.crop) }
        }
        assertThrows(IllegalArgumentException::class.java) {
            cropTransform(Box(0.0, 0.0, 1.0, 1.0), Point(Double.POSITIVE_INFINITY, 0.0), eye, contract.crop)
        }
        for (transform in listOf(Transform(0.0, 0.0, 0.0, 0.0), Transform(0.0, Double.NaN, 1.0, 0.0))) {
            assertThrows(IllegalArgumentException::class.java) { sampler().sample(noise(9, 9), transform) }
        }
    }

    @Test
    fun `letterboxes and parts are Python's, whatever was sampled before`() {
        val entries = vectors().getJSONArray("letterboxes").objects()
        assertTrue(entries.size >= 20)
        val size = entries[0].getInt("size")
        val sampler = SquareSampler(size)
        for (entry in entries) {
            val (scale, left, top, samples) = entry.getJSONArray("place").numbers()
            val place = Letterbox(scale, left, top, samples.toInt())
            val expected = entry.floats("square")
            for (round in 1..2) {
                val square = sampler.sampled(entry.frame(), place, size)
                val difference = expected.indices.maxOf { abs(expected[it] - square[it]) }
                assertTrue(
                    "${entry.getInt("width")} x ${entry.getInt("height")}, $place: $difference",
                    difference < 2e-4,
                )
            }
        }
    }

    @Test
    fun `a letterbox leaves black beside the image, and its way back is exact`() {
        val place = Letterbox.of(32, 16, 16)
        assertEquals(Letterbox(0.5, 0.0, 4.0, 2), place)
        val square = SquareSampler(16).sampled(frameOf(ByteArray(3 * 32 * 16) { -1 }, 32, 16), place, 16)
        for (row in 0 until 16) {
            val level = if (row in 4 until 12) 255f else 0f
            for (k in 0 until 48) assertEquals(level, square[48 * row + k], 1e-4f)
        }
        assertEquals(Point(16.0, 8.0), place.toSource(Point(8.0, 8.0)))
        assertEquals(Point(0.0, -8.0), place.toSource(Point(0.0, 0.0)))
    }

    @Test
    fun `a sample on the left or upper edge is in the image, one on the right or lower edge is black`() {
        val place = Letterbox.of(15, 16, 16)
        assertEquals(Letterbox(1.0, 0.5, 0.0, 1), place)
        val white = ByteArray(3 * 15 * 16) { -1 }
        val row = SquareSampler(16).sampled(frameOf(white, 15, 16), place, 16)
        // Samples at 0, 14 and 15 of 15 pixels.
        assertEquals(listOf(255f, 255f, 0f), listOf(row[0], row[3 * 14], row[3 * 15]))
        val column = SquareSampler(16).sampled(frameOf(white, 16, 15), Letterbox.of(16, 15, 16), 16)
        assertEquals(listOf(255f, 255f, 0f), listOf(column[0], column[48 * 14], column[48 * 15]))
    }

    @Test
    fun `so many samples are taken as a pixel of the square has pixels, or one more`() {
        assertEquals(Letterbox(0.5, 0.0, 0.0, 2), Letterbox.of(32, 32, 16))
        assertEquals(Letterbox(16 / 33.0, 0.0, 0.0, 3), Letterbox.of(33, 33, 16))
        assertEquals(Letterbox(2.0, 0.0, 0.0, 1), Letterbox.of(8, 8, 16))
        assertEquals(Letterbox(10 / 25.0, -3.0, -4.0, 3), Letterbox.ofPart(25, 20, 10, 3, 4))
    }

    @Test
    fun `a part beside the image is black`() {
        val square = SquareSampler(8).sampled(noise(20, 10), Letterbox.ofPart(20, 10, 20, 30, 0), 8)
        assertTrue(square.all { it == 0f })
    }

    @Test
    fun `levels may be brought to another range`() {
        val place = Letterbox.of(32, 16, 16)
        val plain = SquareSampler(16).sampled(noise(32, 16), place, 16)
        val scaled = SquareSampler(16, factor = 1 / 127.5f, offset = -1f).sampled(noise(32, 16), place, 16)
        for (at in plain.indices) assertEquals(plain[at] / 127.5f - 1, scaled[at], 1e-6f)
    }

    private fun SquareSampler.sampled(frame: Frame, place: Letterbox, size: Int): FloatArray {
        val square = FloatBuffer.allocate(3 * size * size)
        sample(frame, place, square)
        return square.array()
    }
}

/** An image of even noise, the same at each call. */
internal fun noise(width: Int, height: Int): ArgbFrame {
    val bytes = ByteArray(3 * width * height)
    java.util.Random(3).nextBytes(bytes)
    return frameOf(bytes, width, height)
}
