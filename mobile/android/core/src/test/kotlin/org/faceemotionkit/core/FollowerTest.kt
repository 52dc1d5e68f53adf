package org.faceemotionkit.core

import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.frameOf
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer
import kotlin.math.cos
import kotlin.math.sin

class FollowerTest {
    private val golden = released("face_detector/golden.json")

    /**
     * A picture of waves, grey, in which something goes on everywhere, moved by [right] and [down] pixels and turned
     * clockwise by [degrees] and zoomed about (160, 120).
     */
    private fun waves(
        right: Double = 0.0,
        down: Double = 0.0,
        zoom: Double = 1.0,
        degrees: Double = 0.0,
        width: Int = 320,
        height: Int = 240,
    ): ByteArray {
        val (real, imaginary) = Math.toRadians(-degrees).let { cos(it) / zoom to sin(it) / zoom }
        return ByteArray(width * height) {
            val (x, y) = it % width - 160 - right to it / width - 120 - down
            val (u, v) = x * real - y * imaginary to x * imaginary + y * real
            (128 + 50 * sin(u / 9) * cos(v / 11) + 40 * sin((u + 2 * v) / 23) + 20 * cos((u - v) / 5)).toInt().toByte()
        }
    }

    private fun colour(grey: ByteArray, width: Int = 320, height: Int = 240) =
        frameOf(ByteArray(3 * grey.size) { grey[it / 3] }, width, height)

    private fun camera(grey: ByteArray, width: Int = 320, height: Int = 240): YuvFrame {
        val chroma = Plane(ByteBuffer.wrap(ByteArray(grey.size) { (it % 251).toByte() }), width, 1)
        return YuvFrame().apply {
            load(width, height, listOf(Plane(ByteBuffer.wrap(grey), width, 1), chroma, chroma), 0)
        }
    }

    private fun face(x: Double = 160.0, y: Double = 120.0, side: Double = 80.0, turn: Int = 0): Detection {
        val angle = Math.toRadians(turn.toDouble())
        fun at(right: Double, down: Double) = Point(
            x + side * (right * cos(angle) - down * sin(angle)),
            y + side * (right * sin(angle) + down * cos(angle)),
        )
        val eyes = mapOf("right_eye" to at(-0.2, -0.1), "left_eye" to at(0.2, -0.1))
        val upright = turnedBox(Point(x, y), side, 1.2 * side, 0)
        return Detection(turnedBox(Point(x, y), side, 1.2 * side, turn), 0.9, eyes, turn, upright)
    }

    @Test
    fun `golden motions are Python's`() {
        val entries = golden.getJSONArray("motions").objects()
        val tolerance = golden.getJSONObject("tolerance").getDouble("motion")
        assertEquals(11, entries.size)
        for (entry in entries) {
            val name = entry.getString("name")
            fun levels(key: String) = entry.bytes(key).map { (it.toInt() and 0xff).toDouble() }.toDoubleArray()
            val found = Template.of(levels("template"))?.motion(levels("window"))
            if (entry.isNull("motion")) {
                assertNull(name, found)
            } else {
                val expected = entry.getJSONObject("motion").run {
                    listOf("alpha", "tau").flatMap { getJSONArray(it).numbers() }
                }
                assertNotNull(name, found)
                assertNear(name, expected, found!!.run { listOf(real, imaginary, x, y) }, tolerance)
            }
        }
    }

    @Test
    fun `a face goes where its pixels go, in a picture and in a camera's image alike`() {
        for (turn in listOf(0, 90, 180, 270, 45)) {
            val seen = listOf(::colour, ::camera).map { of ->
                val anchor = Follower().anchor(of(waves(), 320, 240), face(turn = turn))!!
                anchor.follow(of(waves(3.0, -2.0), 320, 240))
                anchor.follow(of(waves(6.0, -4.0, 1.05, 4.0), 320, 240))!!
            }
            assertEquals(seen[0].box, seen[1].box)
            val (box, upright) = seen[0].run { box to uprightBox }
            assertEquals("$turn", 166.0, box.centerX, 0.2)
            assertEquals("$turn", 116.0, box.centerY, 0.2)
            assertEquals("$turn", 80 * 1.05, upright.width, 0.4)
            assertEquals("$turn", 96 * 1.05, upright.height, 0.5)
            if (turn % 180 == 90) assertEquals("its box lies", 96 * 1.05, box.width, 0.5)
            val angle = placeOf(seen[0]).angle - Math.toRadians(turn + 4.0)
            assertEquals("$turn", 1.0, cos(angle), 1e-4)
            assertEquals(listOf(0.9, turn), seen[0].run { listOf(score, this.turn) })
        }
    }

    @Test
    fun `what has gone, is covered or turned by a quarter from one frame to the next is lost`() {
        val others = mapOf(
            "one level" to ByteArray(320 * 240) { 90 },
            "noise" to ByteArray(320 * 240).also(java.util.Random(5)::nextBytes),
            "a quarter" to waves(degrees = 90.0),
            "far away" to waves(60.0, 0.0),
            "upside down" to waves().reversedArray(),
        )
        for ((name, other) in others) {
            assertNull(name, Follower().anchor(camera(waves()), face())!!.follow(camera(other)))
        }
    }

    @Test
    fun `darker, brighter and at the picture's edge a face is followed`() {
        val dark = waves().map { ((it.toInt() and 0xff) * 2 / 5 + 9).toByte() }.toByteArray()
        val followed = Follower().anchor(camera(waves()), face())!!.follow(camera(dark))!!
        assertNear("where it was", face().box.numbers(), followed.box.numbers(), 0.2)
        for ((x, y) in listOf(20.0 to 15.0, 318.0 to 120.0, 160.0 to 239.0)) {
            val edge = Follower().anchor(camera(waves()), face(x, y))!!.follow(camera(waves(2.0, 1.0)))
            assertEquals("$x, $y", x + 2, edge!!.box.centerX, 1.5)
        }
    }

    @Test
    fun `a flat face, one of a single pixel and one in stripes are not followed`() {
        assertNull(Follower().anchor(camera(ByteArray(320 * 240) { 90 }), face()))
        assertNull(Follower().anchor(camera(ByteArray(1) { 90 }, 1, 1), face(0.5, 0.5, 1.0)))
        val columns = ByteArray(320 * 240) { (it % 320 % 100).toByte() }
        assertNull("nothing tells up from down", Follower().anchor(camera(columns), face()))
    }

    @Test
    fun `a very wide picture is followed in as well`() {
        val wide =
            ByteArray(30_000 * 40) { (128 + 100 * sin(it % 30_000 / 7.0) * cos(it / 30_000 / 5.0)).toInt().toByte() }
        val moved = ByteArray(wide.size) { if (it % 30_000 == 0) wide[it] else wide[it - 1] }
        val found = Follower().anchor(
            camera(wide, 30_000, 40),
            face(29_000.0, 20.0, 30.0),
        )!!.follow(camera(moved, 30_000, 40))
        assertEquals(29_001.0, found!!.box.centerX, 0.2)
        assertTrue(found.box.width in 29.0..31.0)
    }
}
