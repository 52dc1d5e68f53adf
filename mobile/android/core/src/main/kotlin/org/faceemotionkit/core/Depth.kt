@file:JvmName("-Depth")

package org.faceemotionkit.core

import org.json.JSONException

private const val DEEPEST = 64 // brackets in one another: no file of ours has ten

/**
 * Refuses JSON that is nested deeper than any file of ours, which org.json would read until the stack overflows.
 *
 * @return the text
 * @throws JSONException if more than 64 brackets stand in one another
 */
internal fun shallow(json: String): String {
    var depth = 0
    var inText = false
    var place = 0
    while (place < json.length) {
        when (json[place]) {
            '"' -> inText = !inText
            '\\' -> if (inText) place += 1
            '[', '{' -> if (!inText) depth += 1
            ']', '}' -> if (!inText) depth -= 1
        }
        if (depth > DEEPEST) throw JSONException("Nested deeper than $DEEPEST brackets at character $place")
        place += 1
    }
    return json
}
