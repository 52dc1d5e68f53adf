package org.faceemotionkit

import android.content.res.AssetManager
import org.faceemotionkit.core.FileSource
import java.io.IOException
import java.io.InputStream

/** The files among an app's assets; compressed ones can be read too, since each is read as a whole. */
internal class AssetFiles(private val assets: AssetManager) : FileSource {
    override fun open(path: String): InputStream = assets.open(path)

    /** The names in a folder; none if there is no such folder. Robolectric lists what stands in its folders, too. */
    fun list(path: String): List<String> = try {
        assets.list(path).orEmpty().map { it.substringBefore('/') }.distinct()
    } catch (_: IOException) {
        emptyList()
    }
}
