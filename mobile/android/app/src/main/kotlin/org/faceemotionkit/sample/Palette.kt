/*
 * A colour for each expression: the same as on the web page (tests/mobile/test_android_app.py), never the only carrier of
 * meaning.
 */
package org.faceemotionkit.sample

// Angry, disgust, fear, happy, sad, surprise, neutral in the released models; any names take them in this order.
private val SHADES = intArrayOf(0xd0493c, 0x6f8f24, 0x8d66c4, 0xc98500, 0x3a86c8, 0x129183, 0x7d8590)
private const val OPAQUE = 0xff shl 24

/** Returns the opaque colour (ARGB) of the class with this [index]; classes beyond the seventh start over. */
fun shadeOf(index: Int): Int = OPAQUE or SHADES[Math.floorMod(index, SHADES.size)]

/** Returns a probability as a whole percentage, with a narrow space that does not break: "87 %". */
fun percent(share: Float): String = "${Math.round(share * 100)}\u202f%"
