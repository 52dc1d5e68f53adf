package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face

/** The app with a reader of faces that needs no network. */
class TestApplication : SampleApplication() {
    /** What loading gives or throws. */
    var load: () -> FaceReader = { FakeReader() }

    override fun loadReader(): FaceReader = load()
}

/** Finds [faces] in everything. */
class FakeReader(private val faces: List<Face> = listOf(faceOf("happy", Face.NO_TRACK))) : FaceReader {
    override val model = modelOf()

    override fun read(bitmap: Bitmap): List<Face> = faces

    override fun read(image: Image, rotation: Int, baselines: Map<Int, Baseline>): List<Face> = faces

    override fun reset() = Unit

    override fun close() = Unit
}
