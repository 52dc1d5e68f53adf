package org.faceemotionkit

import android.content.Context
import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Frame
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.KernelCheck
import org.faceemotionkit.core.NeutralLearner
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.Recognizer
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.core.UnsupportedImageException
import org.faceemotionkit.core.WantedFaces
import org.faceemotionkit.core.YuvFrame
import java.io.Closeable

/**
 * Finds faces and reads their expressions, on the device alone. Twin of face_emotion.EmotionRecognizer.
 *
 *     EmotionRecognizer.load(context).use { recognizer ->
 *         for (face in recognizer.recognize(bitmap)) Log.i("face", face.label)
 *     }
 *
 * Threads: every method may be called from any thread; calls wait for each other, so that one object runs one image at
 * a time. `load` and `recognize` take too long for the main thread. One object a video: tracks live in it.
 */
public class EmotionRecognizer private constructor(
    private val recognizer: Recognizer,
    /**
     * Whether XNNPACK's kernels run the network, as `load` saw by inputs that others answer otherwise; null if the model
     * has none (no kernels.json). Without them answers differ by some steps, and may take many times as long: a warning
     * says so in the log, once.
     */
    public val isAccelerated: Boolean?,
    private val options: RecognizerOptions,
) : Closeable {
    private val camera = YuvFrame()
    private val reach: Reach = options.reach ?: recognizer.contract.reach

    @Volatile
    private var isClosed = false

    /** The class names in the order of [Face.probabilities]. */
    public val labels: List<String> = recognizer.contract.labels

    /**
     * The narrowest box of an upright face, in pixels of the upright image, that has as many pixels as the network sees;
     * [Face.small] says it of each face.
     */
    public val fullWidth: Double = recognizer.smallestFace

    /** Seconds without its face after which a track is forgotten: what belongs to the track goes with it. */
    public val trackMemory: Double = recognizer.contract.trackMemory

    /**
     * The faces of a still picture, the detector's surest first. Neither uses nor changes the state of tracks.
     *
     * @param bitmap upright (EXIF orientation applied), of any configuration and colour space, both sides at least 8
     *   pixels; what is transparent lies over black
     * @param baseline of the person in the bitmap, for every face of it: see [learnNeutral]; null: that of the options
     * @param reach [Reach.FAR] finds small and turned faces as well, for tenths of a second and more; null: that of the
     *   options, or what the model's contract states
     * @throws org.faceemotionkit.core.UnsupportedImageException for a smaller or recycled bitmap
     * @throws org.faceemotionkit.core.BaselineException for a baseline of another model or head
     * @throws RecognizerClosedException after [close]
     */
    @JvmOverloads
    public fun recognize(bitmap: Bitmap, baseline: Baseline? = null, reach: Reach? = null): List<Face> =
        recognize(baseline, reach) { ArgbFrame(BitmapSource.of(bitmap)) }

    internal fun recognize(baseline: Baseline? = null, reach: Reach? = null, still: () -> Frame): List<Face> =
        alone { recognizer.recognize(still(), time = null, baseline ?: options.baseline, reach ?: this.reach) }

    /**
     * The faces of a frame of any source, the detector's surest first: of a still picture, or of a video's frame if it has
     * a time, with tracks and smoothing from call to call. Its pixels are read in the call.
     *
     * @param baseline of the person in it, for every face of it; null: that of the options
     * @param reach as of a bitmap or of a camera's image
     * @throws org.faceemotionkit.core.UnsupportedImageException for a side below 8 pixels
     * @throws org.faceemotionkit.core.BaselineException for a baseline of another model or head
     * @throws RecognizerClosedException after [close]
     */
    @JvmOverloads
    public fun recognize(frame: FrameSource, baseline: Baseline? = null, reach: Reach? = null): List<Face> = alone {
        val time = frame.nanoseconds?.let { it / NANOSECONDS }
        val wanted = reach ?: this.reach.takeIf { time == null }
        recognizer.recognize(frame.open(camera), time, baseline ?: options.baseline, wanted)
    }

    /** The same of a video's frame with a baseline for each [Face.track] that has one; the others are read as they are. */
    @JvmOverloads
    public fun recognize(frame: FrameSource, baselines: Map<Int, Baseline>, reach: Reach? = null): List<Face> = alone {
        val nanoseconds = frame.nanoseconds
            ?: throw UnsupportedImageException("A still picture has no tracks: give the frame its time, by at().")
        recognizer.recognize(frame.open(camera), nanoseconds / NANOSECONDS, baselines, reach)
    }

    /**
     * The faces of a camera's image, the detector's surest first, with tracks and smoothing from call to call; the time
     * is the image's own timestamp. The image's pixels are copied, so that it may be closed right afterwards.
     *
     * @param image of format YUV_420_888
     * @param rotation how far the image has to be turned clockwise to stand upright, 0, 90, 180 or 270: what
     *   [org.faceemotionkit.core.uprightRotation] gives. Boxes are in pixels of the image so turned, which is not
     *   mirrored.
     * @param baseline of the person in front of the camera, for every face of the image: see [neutralLearner]; null: that
     *   of the options
     * @param reach of this image alone; null: faces are followed from image to image and looked for every
     *   [RecognizerOptions.lookEvery] seconds, near, and far less often
     * @throws org.faceemotionkit.core.UnsupportedImageException for another format or rotation, or a closed image
     * @throws org.faceemotionkit.core.BaselineException for a baseline of another model or head
     * @throws RecognizerClosedException after [close]
     */
    @JvmOverloads
    public fun recognize(image: Image, rotation: Int, baseline: Baseline? = null, reach: Reach? = null): List<Face> =
        alone {
            recognizer.recognize(camera, time = camera.load(image, rotation), baseline ?: options.baseline, reach)
        }

    /** The same with a baseline for each [Face.track] that has one in [baselines]; the others are read as they are. */
    @JvmOverloads
    public fun recognize(
        image: Image,
        rotation: Int,
        baselines: Map<Int, Baseline>,
        reach: Reach? = null,
    ): List<Face> = alone {
        recognizer.recognize(camera, time = camera.load(image, rotation), baselines, reach)
    }

    /**
     * Learns what the model says of one person's face at rest, so that it can be taken off its later answers for the
     * same face: many people look sad or angry to a network when they look neutral to everyone who knows them.
     *
     * @param bitmap of the face at rest, upright, with exactly one face; several pictures are better than one. Looked at
     *   as [Reach.NEAR], and as [Reach.FAR] only where that finds nobody.
     * @throws org.faceemotionkit.core.NotOneFaceException if there is no face, or several
     * @throws org.faceemotionkit.core.BaselineException if the model has no class "neutral", or states no strength
     * @throws org.faceemotionkit.core.UnsupportedImageException for a bitmap that [recognize] refuses
     * @throws RecognizerClosedException after [close]
     */
    public fun learnNeutral(bitmap: Bitmap): Baseline = learnNeutral(listOf(bitmap))

    /** The same from several pictures of one person: the median of them. At least one is expected. */
    public fun learnNeutral(bitmaps: List<Bitmap>): Baseline =
        learnNeutral(bitmaps.size) { ArgbFrame(BitmapSource.of(bitmaps[it])) }

    /** The same from frames of any source; their times do not matter. */
    public fun learnNeutral(vararg frames: FrameSource): Baseline =
        learnNeutral(frames.size) { frames[it].open(camera) }

    internal fun learnNeutral(count: Int, open: (Int) -> Frame): Baseline =
        alone { recognizer.learnNeutral(count, open) }

    /**
     * The same from a camera: give the learner what [recognize] returned for each image of two seconds, then ask it for
     * the baseline. It keeps a few numbers of each image, and finds no face a second time.
     *
     * @throws org.faceemotionkit.core.BaselineException if the model has no class "neutral", or states no strength
     * @throws RecognizerClosedException after [close]
     */
    public fun neutralLearner(): NeutralLearner { // which is made of what never changes: it waits for no other call
        if (isClosed) throw RecognizerClosedException()
        return recognizer.neutralLearner()
    }

    /** Forgets every track: the next image belongs to another video. Track numbers begin at 1 again. */
    public fun reset(): Unit = alone { recognizer.reset() }

    /** Frees what the networks hold, after a call that still runs. May be called more than once. */
    @Synchronized
    override fun close() {
        if (isClosed) return
        isClosed = true
        recognizer.close()
    }

    @Synchronized
    private fun <T> alone(call: () -> T): T {
        if (isClosed) throw RecognizerClosedException()
        return call()
    }

    public companion object {
        private const val NANOSECONDS = 1e9

        /**
         * Loads a model and the face detector, and checks the size and sha256 of their files.
         *
         * @param context of the app, whose assets hold what the options do not take from elsewhere
         * @throws org.faceemotionkit.core.HeadMissingException if the model does not have the head
         * @throws org.faceemotionkit.core.ModelMissingException if a file is not there
         * @throws org.faceemotionkit.core.ModelDamagedException if a file is not the one that its manifest names
         * @throws org.faceemotionkit.core.BaselineException if the options' baseline is of another model
         * @throws org.faceemotionkit.core.LibraryMissingException if the app has no TensorFlow Lite for this processor
         */
        @JvmStatic
        @JvmOverloads
        public fun load(context: Context, options: RecognizerOptions = RecognizerOptions {}): EmotionRecognizer =
            load(AssetFiles(context.applicationContext.assets), options)

        /** The same where model and detector are in folders or in memory. */
        @JvmStatic
        public fun load(options: RecognizerOptions): EmotionRecognizer = load(null, options)

        private fun load(assets: AssetFiles?, options: RecognizerOptions): EmotionRecognizer {
            val model = options.model.folder(assets, ModelSource.Kind.CLASSIFIER)
            val faces = options.detector.folder(assets, ModelSource.Kind.DETECTOR)
            val contract = model.contract()
            val identity = model.identity()
            val check = KernelCheck.of(model)
            val classifier = TfliteRunner(model.artifact("int8"), options.threads, model.path)
                .closedOnFailure { Classifier(it, contract, options.head) }
            val isAccelerated = classifier.closedOnFailure { Acceleration.logged.of(it, check) }
            val detector = classifier.closedOnFailure {
                Detector.load(faces) { TfliteRunner(it, options.threads, faces.path) }
            }
            val wanted = WantedFaces(options.smallestFace, options.mostFaces)
            val recognizer = Recognizer(contract, classifier, detector, identity, options.lookEvery, wanted)
            return recognizer.closedOnFailure {
                options.baseline?.let(it::requireFits)
                EmotionRecognizer(it, isAccelerated, options)
            }
        }

        private inline fun <C : Closeable, T> C.closedOnFailure(use: (C) -> T): T = try {
            use(this)
        } catch (error: RuntimeException) {
            close()
            throw error
        }
    }
}
