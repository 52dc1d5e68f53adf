package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Face
import java.util.concurrent.atomic.AtomicLong

/** The app with a reader of faces that needs no network. */
class TestApplication : SampleApplication() {
    /** What loading gives or throws. */
    var load: () -> FaceReader = { FakeReader() }

    override fun loadReader(): FaceReader = load()

    private val clock = SteppingClock()

    override fun nanoseconds(): Long = clock.nanoseconds()
}

/** A clock that goes on by 12.3 milliseconds whenever it is looked at: each reading takes as long, on any machine. */
class SteppingClock {
    private val looks = AtomicLong()

    fun nanoseconds(): Long = 12_300_000 * looks.incrementAndGet()
}

/** The app as it is, by that clock. */
class TimedApplication : SampleApplication() {
    private val clock = SteppingClock()

    override fun nanoseconds(): Long = clock.nanoseconds()
}

/** Finds [faces] in everything. */
class FakeReader(private val faces: List<Face> = listOf(faceOf("happy", Face.NO_TRACK))) : FaceReader {
    override val model = modelOf()

    override fun read(bitmap: Bitmap): List<Face> = faces

    override fun read(image: Image, rotation: Int, baselines: Map<Int, Baseline>): List<Face> = faces

    override fun reset() = Unit

    override fun close() = Unit
}
