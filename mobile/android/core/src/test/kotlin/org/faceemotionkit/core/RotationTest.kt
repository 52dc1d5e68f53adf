package org.faceemotionkit.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test

class RotationTest {
    /** Sensors as phones have them (back 90, front 270) and as some tablets do, at every display rotation. */
    @Test
    fun `the table of sensors, sides and display rotations`() {
        val back = mapOf(0 to listOf(0, 270, 180, 90), 90 to listOf(90, 0, 270, 180), 270 to listOf(270, 180, 90, 0))
        val front = mapOf(0 to listOf(0, 90, 180, 270), 90 to listOf(90, 180, 270, 0), 270 to listOf(270, 0, 90, 180))
        for ((table, isFront) in listOf(back to false, front to true)) {
            for ((sensor, expected) in table) {
                val found = List(4) { uprightRotation(sensor, 90 * it, isFront) }
                assertEquals("sensor $sensor, front $isFront", expected, found)
            }
        }
    }

    @Test
    fun `angles are taken modulo a whole turn, and only quarter turns`() {
        assertEquals(90, uprightRotation(450, 720, false))
        for ((sensor, display) in listOf(45 to 0, 90 to 1)) {
            assertThrows(UnsupportedImageException::class.java) { uprightRotation(sensor, display, true) }
        }
    }
}
