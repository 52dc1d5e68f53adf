package org.faceemotionkit

import android.content.res.AssetManager
import org.faceemotionkit.core.FileSource
import java.io.InputStream

/** The files among an app's assets; compressed ones can be read too, since each is read as a whole. */
internal class AssetFiles(private val assets: AssetManager) : FileSource {
    override fun open(path: String): InputStream = assets.open(path)
}
