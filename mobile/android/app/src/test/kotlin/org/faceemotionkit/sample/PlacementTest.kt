package org.faceemotionkit.sample

import org.faceemotionkit.core.Box
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class PlacementTest {
    @Test
    fun `a picture is shown whole and centred`() {
        assertEquals(Place(0f, 150f, 600f, 600f), placeOf(640, 480, 600, 750))
        assertEquals(Place(150f, 0f, 450f, 400f), placeOf(480, 640, 600, 400))
        assertEquals(Place(0f, 0f, 0f, 0f), placeOf(0, 480, 600, 400))
    }

    @Test
    fun `boxes follow the picture, mirrored or not`() {
        val picture = placeOf(640, 480, 640, 500)
        val box = Box(100.0, 50.0, 200.0, 150.0)
        assertEquals(Place(100f, 60f, 200f, 160f), placeOf(box, 640, picture, mirrored = false))
        assertEquals(Place(440f, 60f, 540f, 160f), placeOf(box, 640, picture, mirrored = true))
    }

    @Test
    fun `a tag stands above its box, or inside where there is no room, and never outside the stage`() {
        assertEquals(Place(110f, 62f, 190f, 92f), tagPlace(Place(100f, 100f, 200f, 200f), 80f, 30f, 8f, 400f))
        assertEquals(Place(110f, 28f, 190f, 58f), tagPlace(Place(100f, 20f, 200f, 200f), 80f, 30f, 8f, 400f))
        assertEquals(Place(8f, 62f, 88f, 92f), tagPlace(Place(-50f, 100f, 50f, 200f), 80f, 30f, 8f, 400f))
        assertEquals(Place(312f, 62f, 392f, 92f), tagPlace(Place(350f, 100f, 450f, 200f), 80f, 30f, 8f, 400f))
    }

    @Test
    fun `both streams have one shape, the sensor's if the camera offers it`() {
        val preview =
            listOf(Dimensions(1920, 1080), Dimensions(1440, 1080), Dimensions(1280, 960), Dimensions(640, 480))
        val analysis = listOf(Dimensions(1280, 720), Dimensions(640, 360), Dimensions(1600, 1200), Dimensions(800, 600))
        assertEquals(StreamSizes(Dimensions(1280, 960), Dimensions(800, 600)), streamSizes(preview, analysis))
        val wide = listOf(Dimensions(1920, 1080))
        assertEquals(StreamSizes(Dimensions(1920, 1080), Dimensions(640, 360)), streamSizes(wide, analysis))
        assertNull(streamSizes(wide, listOf(Dimensions(640, 480))))
        assertNull(streamSizes(emptyList(), analysis))
    }

    @Test
    fun `the preview stands upright whatever way sensor and display are turned`() {
        val buffer = Dimensions(1280, 960)
        for (sensor in listOf(0, 90, 180, 270)) {
            for (display in listOf(0, 90, 180, 270)) {
                val lying = (sensor + display) % 180 != 0
                val (width, height) = if (lying) 960 to 1280 else 1280 to 960
                val place = placeOf(width, height, 600, 700)
                val matrix = previewTransform(buffer, sensor, display, 600, 700)
                val corners = listOf(0f to 0f, 600f to 0f, 600f to 700f, 0f to 700f).map { (x, y) ->
                    mapped(matrix, x, y)
                }
                // The view's upper left corner is the picture's in natural orientation: turned back by the display's
                // turn.
                val expected = listOf(
                    place.left to place.top,
                    place.right to place.top,
                    place.right to place.bottom,
                    place.left to place.bottom,
                )
                for ((index, corner) in corners.withIndex()) {
                    val (x, y) = expected[Math.floorMod(index - display / 90, 4)]
                    assertArrayEquals("sensor $sensor, display $display", floatArrayOf(x, y), corner, 0.01f)
                }
            }
        }
    }

    private fun mapped(matrix: FloatArray, x: Float, y: Float) =
        floatArrayOf(matrix[0] * x + matrix[1] * y + matrix[2], matrix[3] * x + matrix[4] * y + matrix[5])
}
