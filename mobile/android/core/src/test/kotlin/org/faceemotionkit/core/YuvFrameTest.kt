package org.faceemotionkit.core

import org.faceemotionkit.testing.frameOf
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import java.nio.FloatBuffer
import kotlin.math.abs

class YuvFrameTest {
    private val luma = doubleArrayOf(0.299, 0.587, 0.114)

    /** A sensor's image by its values, and the same in each of the eight layouts that devices give. */
    private class Picture(val width: Int, val height: Int) {
        private val random = java.util.Random(1)
        val chromaWidth = (width + 1) / 2
        val chromaHeight = (height + 1) / 2
        val y = ByteArray(width * height).also(random::nextBytes)
        val u = ByteArray(chromaWidth * chromaHeight).also(random::nextBytes)
        val v = ByteArray(chromaWidth * chromaHeight).also(random::nextBytes)

        fun layouts(): Map<String, List<Plane>> = listOf(0, 13).flatMap { padding ->
            val luminance = plane(y, width, padding, 1)
            val planar = listOf(plane(u, chromaWidth, padding, 1), plane(v, chromaWidth, padding, 1))
            // NV12 interleaves U V, NV21 V U: two views of one buffer. Some devices put a byte between Y's pixels too.
            val (nv12U, nv12V) = interleaved(u, v, padding)
            val (nv21V, nv21U) = interleaved(v, u, padding)
            listOf(
                "I420" to listOf(luminance) + planar,
                "NV12" to listOf(luminance, nv12U, nv12V),
                "NV21" to listOf(luminance, nv21U, nv21V),
                "wide pixels" to listOf(
                    plane(y, width, padding, 2),
                    plane(u, chromaWidth, padding, 3),
                    plane(v, chromaWidth, padding, 4),
                ),
            ).map { (name, planes) -> "$name, padding $padding" to planes }
        }.toMap()

        private fun plane(values: ByteArray, columns: Int, padding: Int, pixelStride: Int): Plane {
            val rowStride = columns * pixelStride + padding
            val rows = values.size / columns
            val bytes = ByteBuffer.allocateDirect((rows - 1) * rowStride + (columns - 1) * pixelStride + 1)
            for (index in 0 until bytes.capacity()) bytes.put(index, 0x55)
            for (index in values.indices) {
                bytes.put(index / columns * rowStride + index % columns * pixelStride, values[index])
            }
            return Plane(bytes, rowStride, pixelStride)
        }

        private fun interleaved(first: ByteArray, second: ByteArray, padding: Int): Pair<Plane, Plane> {
            val rowStride = 2 * chromaWidth + padding
            val bytes = ByteBuffer.allocateDirect(chromaHeight * rowStride)
            for (index in first.indices) {
                val at = index / chromaWidth * rowStride + index % chromaWidth * 2
                bytes.put(at, first[index])
                bytes.put(at + 1, second[index])
            }
            val behind = bytes.duplicate().apply { position(1) }.slice()
            return Plane(bytes, rowStride, 2) to Plane(behind, rowStride, 2)
        }

        /**
         * Where the sensor holds an upright image's pixel: the definition that the frame's arithmetic is compared with.
         */
        fun sensorPlace(x: Int, y: Int, rotation: Int): Pair<Int, Int> {
            var place = x to y
            var (width, height) = if (rotation % 180 == 0) this.width to this.height else this.height to this.width
            // Each a quarter turn back, counter-clockwise.
            repeat(rotation / 90) {
                place = place.second to width - 1 - place.first
                width = height.also { height = width }
            }
            return place
        }
    }

    private fun unsigned(value: Byte) = value.toInt() and 0xff

    @Test
    fun `every layout and rotation gives the sensor's values, upright`() {
        for ((width, height) in listOf(6 to 4, 7 to 5, 1 to 3)) {
            val picture = Picture(width, height)
            assertEquals(8, picture.layouts().size)
            val frame = YuvFrame()
            for ((layout, planes) in picture.layouts()) {
                for (rotation in listOf(0, 90, 180, 270)) {
                    frame.load(width, height, planes, rotation)
                    val turned = rotation % 180 != 0
                    assertEquals(if (turned) height else width, frame.width)
                    assertEquals(if (turned) width else height, frame.height)
                    checkPixels("$layout, $rotation°", picture, frame, rotation)
                }
            }
        }
    }

    private fun checkPixels(name: String, picture: Picture, frame: Frame, rotation: Int) {
        val grey = DoubleArray(frame.width * frame.height)
        frame.readGrey(0, 0, frame.width, frame.height, luma, grey, frame.width)
        for (y in 0 until frame.height) {
            val rgb = FloatArray(3 * frame.width)
            frame.readRow(y, 0, frame.width, rgb)
            val tail = FloatArray(rgb.size - 3)
            frame.readRow(y, 1, frame.width - 1, tail)
            assertArrayEquals(name, rgb.copyOfRange(3, rgb.size), tail, 0f)
            for (x in 0 until frame.width) {
                val (column, row) = picture.sensorPlace(x, y, rotation)
                val level = unsigned(picture.y[row * picture.width + column])
                assertEquals(name, level.toDouble(), grey[y * frame.width + x], 0.0)
                val chroma = row / 2 * picture.chromaWidth + column / 2
                val expected = colour(level, unsigned(picture.u[chroma]), unsigned(picture.v[chroma]))
                for (k in 0 until 3) assertEquals(name, expected[k], rgb[3 * x + k], 0.01f)
            }
        }
    }

    /** JFIF's conversion, from its own constants. */
    private fun colour(y: Int, u: Int, v: Int) = listOf(
        y + 1.402 * (v - 128),
        y - 0.344136 * (u - 128) - 0.714136 * (v - 128),
        y + 1.772 * (u - 128),
    ).map { it.coerceIn(0.0, 255.0).toFloat() }

    @Test
    fun `levels are full range, 0 black and 255 white, as Android's cameras give them`() {
        val chroma = Plane(ByteBuffer.wrap(byteArrayOf(-128, -128)), 2, 1)
        val levels = byteArrayOf(0, 16, 235.toByte(), -1)
        val frame = YuvFrame().apply { load(4, 1, listOf(Plane(ByteBuffer.wrap(levels), 4, 1), chroma, chroma), 0) }
        val grey = DoubleArray(4).also { frame.readGrey(0, 0, 4, 1, luma, it, 4) }
        assertArrayEquals(doubleArrayOf(0.0, 16.0, 235.0, 255.0), grey, 0.0)
        val rgb = FloatArray(12).also { frame.readRow(0, 0, 4, it) }
        assertArrayEquals(FloatArray(12) { grey[it / 3].toFloat() }, rgb, 0f)
    }

    @Test
    fun `other weights than BT 601's make grey of the colours`() {
        val picture = Picture(6, 4)
        val frame = YuvFrame().apply { load(6, 4, picture.layouts().getValue("NV21, padding 0"), 90) }
        val other = doubleArrayOf(0.2, 0.7, 0.1)
        val grey = DoubleArray(2 * 5).also { frame.readGrey(1, 2, 2, 2, other, it, 5) }
        for (row in 0..1) {
            val rgb = FloatArray(6).also { frame.readRow(2 + row, 1, 2, it) }
            for (column in 0..1) {
                val expected = 0.2 * rgb[3 * column] + 0.7 * rgb[3 * column + 1] + 0.1 * rgb[3 * column + 2]
                assertEquals(expected, grey[5 * row + column], 1e-4)
            }
        }
    }

    /** The same image, read by rows and parts alone. */
    private class Plain(frame: Frame) : Frame by frame

    @Test
    fun `squares of it are what its rows and greys give, at every layout and rotation`() {
        val random = java.util.Random(2)
        for (spread in listOf(256, 40)) { // colours beyond 0..255 in every block, and in none
            val picture = Picture(48, 32)
            for (plane in listOf(picture.y, picture.u, picture.v)) {
                for (at in plane.indices) plane[at] = (128 + random.nextInt(spread) - spread / 2).toByte()
            }
            for ((layout, planes) in picture.layouts()) {
                for (rotation in listOf(0, 90, 180, 270)) {
                    val frame = YuvFrame().apply { load(48, 32, planes, rotation) }
                    for (size in listOf(12, 24, 16, 48, 10)) { // blocks of 4, 2, 3 and 1 pixels, and none
                        val place = Letterbox.of(frame.width, frame.height, size)
                        val squares = listOf(frame, Plain(frame)).map { shown ->
                            FloatBuffer.allocate(3 * size * size).also {
                                SquareSampler(size, 0.5f, -1f).sample(shown, place, it)
                            }
                        }
                        assertArrayEquals("$layout, $rotation, $size", squares[1].array(), squares[0].array(), 1e-4f)
                    }
                    for ((side, angle) in listOf(14.0, 37.0).flatMap { listOf(it to 0.0, it to 0.4, it to 2.0) }) {
                        val transform = Transform(16.5, 15.0, side, angle)
                        val (found, expected) = listOf(frame, Plain(frame)).map {
                            GreySampler(9, luma, 3).sample(it, transform)
                        }
                        assertArrayEquals("$layout, $rotation, $side, $angle", expected, found)
                    }
                }
            }
        }
    }

    @Test
    fun `a part of the image is read where it stands`() {
        val picture = Picture(9, 7)
        val frame = YuvFrame()
        frame.load(9, 7, picture.layouts().getValue("I420, padding 13"), 90)
        val whole = DoubleArray(7 * 9)
        frame.readGrey(0, 0, 7, 9, luma, whole, 7)
        val part = DoubleArray(4 * 10) { -1.0 }
        frame.readGrey(2, 3, 3, 4, luma, part, 10)
        for (row in 0 until 4) {
            val expected = DoubleArray(10) { if (it < 3) whole[(3 + row) * 7 + 2 + it] else -1.0 }
            assertArrayEquals(expected, part.copyOfRange(10 * row, 10 * row + 10), 0.0)
        }
    }

    @Test
    fun `a grey camera image gives the crop of the same grey picture`() {
        val picture = Picture(40, 30)
        val noChroma = Plane(ByteBuffer.wrap(ByteArray(300) { -128 }), 20, 1)
        val grey = listOf(Plane(ByteBuffer.wrap(picture.y), 40, 1), noChroma, noChroma)
        val frame = YuvFrame().apply { load(40, 30, grey, 0) }
        val rgb = frameOf(ByteArray(3600) { picture.y[it / 3] }, 40, 30)
        val transform = Transform(19.0, 15.0, 33.0, 0.2)
        val sampler = GreySampler(48, luma, 16)
        assertArrayEquals(sampler.sample(rgb, transform), sampler.sample(frame, transform))
        val rows = List(2) { FloatArray(120) }
        rgb.readRow(11, 3, 20, rows[0])
        frame.readRow(11, 3, 20, rows[1])
        assertTrue(rows[0].indices.all { abs(rows[0][it] - rows[1][it]) < 1e-4 })
    }

    @Test
    fun `the planes may change once they are loaded`() {
        val picture = Picture(6, 4)
        val planes = picture.layouts().getValue("NV21, padding 0")
        val frame = YuvFrame().apply { load(6, 4, planes, 0) }
        for (plane in planes) for (index in 0 until plane.bytes.capacity()) plane.bytes.put(index, 0)
        checkPixels("after", picture, frame, 0)
    }

    @Test
    fun `planes that are too short, other rotations and empty images are refused`() {
        val frame = YuvFrame()
        val planes = Picture(6, 4).layouts().getValue("I420, padding 0")
        fun refused(width: Int, height: Int, planes: List<Plane>, rotation: Int) =
            assertThrows(UnsupportedImageException::class.java) { frame.load(width, height, planes, rotation) }
        refused(6, 4, planes, 45)
        refused(6, 4, planes, -90)
        refused(0, 4, planes, 0)
        refused(6, 4, planes.take(2), 0)
        refused(6, 4, emptyList(), 0)
        refused(6, 5, planes, 0)
        refused(8, 4, planes, 0)
        refused(6, 4, listOf(Plane(planes[0].bytes, 3, 1)) + planes.drop(1), 0)
        refused(6, 4, listOf(Plane(planes[0].bytes, 6, 0)) + planes.drop(1), 0)
    }
}
