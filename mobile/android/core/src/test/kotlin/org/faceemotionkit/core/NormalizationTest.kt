package org.faceemotionkit.core

import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.bytes
import org.faceemotionkit.testing.decoded
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.texts
import org.faceemotionkit.testing.vectors
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class NormalizationTest {
    private val stretch = Normalization(NormalizationKind.STRETCH, tailPermille = 20, 12, 242, smallestRange = 8)

    private fun levels(greys: List<Int>, normalization: Normalization): List<Int> =
        normalized(ByteArray(greys.size) { greys[it].toByte() }, normalization).map { it.toInt() and 0xff }

    @Test
    fun `golden faces of every released model become the golden bytes`() {
        for (name in RELEASED) {
            val golden = released("$name/golden.json")
            val normalization = ModelFolder.open(FolderFiles(MODELS), name).contract().normalization
            val faces = golden.getJSONArray("faces").texts().map(::decoded)
            val expected = golden.getJSONArray("normalized").texts().map(::decoded)
            assertEquals(faces.size, expected.size)
            for ((index, face) in faces.withIndex()) {
                assertArrayEquals("$name, face $index", expected[index], normalized(face, normalization))
            }
            val changed = faces.indices.filterNot { faces[it].contentEquals(expected[it]) }
            assertTrue("$name: the network sees other faces", changed.size in 20 until faces.size)
        }
    }

    @Test
    fun `varied faces become Python's bytes`() {
        val entry = vectors().getJSONObject("classifier")
        val (faces, expected) = entry.bytes("faces") to entry.bytes("normalized")
        val normalization = ModelFolder.open(FolderFiles(MODELS), "small").contract().normalization
        for (start in faces.indices step 48 * 48) {
            val face = faces.copyOfRange(start, start + 48 * 48)
            assertArrayEquals(expected.copyOfRange(start, start + 48 * 48), normalized(face, normalization))
        }
    }

    @Test
    fun `the darkest and brightest level become low and high, halves are rounded up`() {
        assertEquals(listOf(12, 24, 36, 242, 48, 60), levels(listOf(10, 20, 30, 200, 40, 50), stretch))
        assertEquals(listOf(12, 242, 98, 12), levels(listOf(100, 108, 103, 100), stretch))
        assertEquals(listOf(0, 255, 128), levels(listOf(0, 255, 128), Normalization(stretch.kind, 20, 0, 255, 1)))
    }

    @Test
    fun `levels beyond the two tails are mapped likewise, and cut off at both ends`() {
        val found = levels(List(50) { 5 * it }, Normalization(stretch.kind, tailPermille = 100, 12, 242, 8))
        assertEquals(listOf(0, 0, 0, 0, 6, 12, 18, 24), found.take(8))
        assertEquals(listOf(236, 242, 248, 254, 255, 255, 255), found.takeLast(7))
    }

    @Test
    fun `a flat crop stays as it is`() {
        assertEquals(listOf(100, 107, 103, 100), levels(listOf(100, 107, 103, 100), stretch))
        assertEquals(listOf(7, 7, 7), levels(listOf(7, 7, 7), stretch))
        // One bright pixel in ten is the tail: it does not count.
        val spot = List(9) { 60 + it % 5 } + 255
        assertEquals(spot, levels(spot, Normalization(stretch.kind, tailPermille = 100, 12, 242, 8)))
    }

    @Test
    fun `the kind none leaves every crop as it is`() {
        val greys = listOf(5, 9, 200)
        assertEquals(greys, levels(greys, Normalization()))
        assertEquals(listOf(12, 17, 242), levels(greys, stretch))
    }

    @Test
    fun `the given bytes are not written to`() {
        val greys = byteArrayOf(5, 9, 100)
        normalized(greys, stretch)
        assertArrayEquals(byteArrayOf(5, 9, 100), greys)
    }
}
