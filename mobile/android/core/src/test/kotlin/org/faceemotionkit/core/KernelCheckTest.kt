package org.faceemotionkit.core

import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Test

class KernelCheckTest {
    @Test
    fun `a mosaic is Python's, 6 x 6 squares of the generator's levels`() {
        val mosaic = KernelCheck.mosaic(34, 48).map { it.toInt() and 0xff }
        assertEquals(48 * 48, mosaic.size)
        assertEquals(listOf(63, 92, 25, 237, 11, 11), mosaic.take(48).chunked(8).map { it.toSet().single() })
        assertEquals(listOf(82, 75, 31, 254, 128, 255), mosaic.takeLast(48).chunked(8).map { it.toSet().single() })
        assertEquals(listOf(63, 202), listOf(mosaic[7 * 48 + 7], mosaic[8 * 48 + 8]))
    }

    @Test
    fun `a network with other answers does not pass, and is asked once`() {
        val model = ModelFolder.open(FolderFiles(MODELS), "small")
        val check = KernelCheck.of(model)
        assertNotNull(check)
        val other = FakeBytes(listOf(ByteArray(7), ByteArray(14)), 0.04f, 87)
        assertFalse(check!!.passes(Classifier(other, model.contract())))
        assertEquals(48 * 48, other.given.size)
    }
}
