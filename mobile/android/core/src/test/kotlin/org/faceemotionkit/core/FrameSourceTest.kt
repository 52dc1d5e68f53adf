package org.faceemotionkit.core

import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.Lying
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.greyDifference
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer

class FrameSourceTest {
    private val contract = ModelFolder.open(FolderFiles(MODELS), "small").contract()
    private val golden = released("small/golden.json")
    private val sampler = GreySampler(contract.inputSize, contract.luma, contract.crop.maxSamples)

    private fun lyings(entry: JSONObject) = listOf(0, 90, 180, 270).flatMap { rotation ->
        listOf(false, true).map { isMirrored ->
            val padding = if (rotation == 0) 0 else 5
            val (width, height) = entry.getInt("width") to entry.getInt("height")
            val lying = Lying(entry.rgb(), width, height, rotation, isMirrored, padding)
            "$rotation°${if (isMirrored) ", mirrored" else ""}" to lying
        }
    }

    @Test
    fun `golden crops come out of every form, however it lies`() {
        val tolerance = golden.getJSONObject("tolerance").getInt("crop_grey_levels")
        val entries = golden.getJSONArray("crops").objects()
        assertTrue(entries.size > 5)
        for (entry in entries) {
            val place = entry.getJSONObject("transform").run {
                Transform(getDouble("center_x"), getDouble("center_y"), getDouble("side"), getDouble("angle"))
            }
            val bitmap = sampler.sample(entry.frame(), place)
            for ((name, lying) in lyings(entry)) {
                for ((form, source) in lying.forms()) {
                    assertEquals(entry.getInt("width") to entry.getInt("height"), source.width to source.height)
                    val found = sampler.sample(source.open(YuvFrame()), place)
                    val isColour = form == "RGBA" || form == "ARGB"
                    // Y is a whole number for each pixel, where colours give the grey level a fraction.
                    val apart = greyDifference(entry.bytes("grey"), found)
                    assertTrue("$form, $name: $apart", apart <= if (isColour) tolerance else tolerance + 1)
                    if (isColour) assertArrayEquals("$form, $name: a bitmap's", bitmap, found)
                }
            }
        }
    }

    @Test
    fun `RGBA and ARGB give a bitmap's colours, NV21 those of the image's planes`() {
        val entry = golden.getJSONArray("crops").objects().first()
        for ((name, lying) in lyings(entry)) {
            val upright = entry.frame()
            val rows = FloatArray(3 * upright.width)
            val found = FloatArray(3 * upright.width)
            val image = YuvFrame()
            image.load(lying.width, lying.height, lying.planes(), name.substringBefore('°').toInt(), "mirrored" in name)
            for (row in 0 until upright.height) {
                upright.readRow(row, 0, upright.width, rows)
                for (source in listOf(lying.rgba(), lying.argb())) {
                    source.open(YuvFrame()).readRow(row, 0, upright.width, found)
                    assertArrayEquals(name, rows, found, 0f)
                }
            }
            val nv21 = lying.nv21().open(YuvFrame())
            for (row in 0 until upright.height) {
                image.readRow(row, 0, upright.width, rows)
                nv21.readRow(row, 0, upright.width, found)
                assertArrayEquals(name, rows, found, 0f)
            }
        }
    }

    @Test
    fun `what is transparent lies over black, premultiplied or not`() {
        val bytes = ByteBuffer.wrap(byteArrayOf(-128, 32, -128, -128))
        val frames = listOf(
            FrameSource.argb(intArrayOf(0x80ff40ff.toInt()), 1, 1),
            FrameSource.rgba(bytes, 1, 1),
        )
        for (frame in frames) {
            val rgb = FloatArray(3).also { frame.open(YuvFrame()).readRow(0, 0, 1, it) }
            assertArrayEquals(floatArrayOf(128f, 32f, 128f), rgb, 0f)
        }
    }

    @Test
    fun `a frame is a value, and a copy stays as it was`() {
        val bytes = ByteArray(6 * 4 * 3 / 2) { 9 }
        val frame = FrameSource.nv21(bytes, 6, 4)
        assertNull(frame.nanoseconds)
        assertEquals(4 to 6, frame.rotated(90).let { it.width to it.height })
        assertEquals(6 to 4, frame.width to frame.height)
        assertEquals(7L, frame.rotated(270).mirrored().at(7).copied().nanoseconds)
        assertEquals("FrameSource(6 x 4, YUV, rotation 90, mirrored, 7 ns)", "${frame.rotated(90).mirrored().at(7)}")
        val pixels = IntArray(24) { 0x090909 or (0xff shl 24) }
        val colours = ByteBuffer.allocate(96).also { for (at in pixels.indices) it.putInt(4 * at, 0x090909ff) }
        val copies = listOf(frame, FrameSource.argb(pixels, 6, 4), FrameSource.rgba(colours, 6, 4)).map { it.copied() }
        bytes.fill(0)
        pixels.fill(0)
        colours.array().fill(0)
        for (copy in copies) {
            val grey = DoubleArray(24).also { copy.open(YuvFrame()).readGrey(0, 0, 6, 4, BT601, it, 6) }
            assertArrayEquals("$copy", DoubleArray(24) { 9.0 }, grey, 1e-9)
        }
    }

    @Test
    fun `a frame that is smaller than its strides say is refused where it is made`() {
        fun plane(size: Int, rows: Int, pixels: Int = 1) = Plane(ByteBuffer.allocate(size), rows, pixels)
        val refused = mapOf<String, () -> FrameSource>(
            "35 bytes with rows of 6 are too few for 6 x 4 pixels of NV21." to { nv21(35, 6) },
            "36 bytes with rows of 7 are too few for 6 x 4 pixels of NV21." to { nv21(36, 7) },
            "99 bytes with rows of 5 are too few for 6 x 4 pixels of NV21." to { nv21(99, 5) },
            "a plane of 23 bytes with strides 6 and 1 is too short for 6 x 4 pixels." to {
                FrameSource.grey(6, 4, plane(23, 6))
            },
            "a plane of 24 bytes with strides 6 and 2 is too short for 6 x 4 pixels." to {
                FrameSource.grey(6, 4, plane(24, 6, 2))
            },
            "a plane of 24 bytes with strides 6 and 0 is too short for 6 x 4 pixels." to {
                FrameSource.grey(6, 4, plane(24, 6, 0))
            },
            "a plane of 5 bytes with strides 3 and 1 is too short for 3 x 2 pixels." to {
                FrameSource.yuv(6, 4, plane(24, 6), plane(6, 3), plane(5, 3))
            },
            "95 bytes with rows of 24 are too few for 6 x 4 pixels of RGBA_8888." to {
                FrameSource.rgba(ByteBuffer.allocate(96).apply { position(1) }, 6, 4)
            },
            "96 bytes with rows of 20 are too few for 6 x 4 pixels of RGBA_8888." to {
                FrameSource.rgba(ByteBuffer.allocate(96), 6, 4, 20)
            },
            "rowStride 25: rows of RGBA_8888 are a multiple of 4 bytes apart." to {
                FrameSource.rgba(ByteBuffer.allocate(999), 6, 4, 25)
            },
            "23 colours with rows of 6 are too few for 6 x 4 pixels." to { FrameSource.argb(IntArray(23), 6, 4) },
            "24 colours with rows of 5 are too few for 6 x 4 pixels." to { FrameSource.argb(IntArray(24), 6, 4, 5) },
            "0 x 4 pixels: 1 x 1 are expected at least." to { FrameSource.argb(IntArray(0), 0, 4) },
            "6 x 0 pixels: 1 x 1 are expected at least." to { FrameSource.nv21(ByteArray(9), 6, 0) },
            "6 x -4 pixels: 1 x 1 are expected at least." to { FrameSource.grey(6, -4, plane(24, 6)) },
            "rotation 45: 0, 90, 180 or 270 degrees are expected." to { nv21(36, 6).rotated(45) },
            "rotation -90: 0, 90, 180 or 270 degrees are expected." to { nv21(36, 6).rotated(-90) },
        )
        for ((sentence, make) in refused) {
            val error = assertThrows(sentence, UnsupportedImageException::class.java) { make() }
            assertEquals(sentence, error.message)
        }
        // A stride that int arithmetic would wrap around.
        val wide = Plane(ByteBuffer.allocate(24), Int.MAX_VALUE, 1)
        assertThrows(UnsupportedImageException::class.java) { FrameSource.grey(6, 4, wide) }
        assertThrows(UnsupportedImageException::class.java) { FrameSource.nv21(ByteArray(36), 6, 4, Int.MAX_VALUE) }
    }

    private fun nv21(size: Int, rowStride: Int) = FrameSource.nv21(ByteArray(size), 6, 4, rowStride)
}
