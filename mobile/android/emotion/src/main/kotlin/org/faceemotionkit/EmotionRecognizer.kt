package org.faceemotionkit

import android.content.Context
import android.graphics.Bitmap
import android.media.Image
import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FileSource
import org.faceemotionkit.core.Frame
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.KernelCheck
import org.faceemotionkit.core.LOOK_EVERY
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.ModelMissingException
import org.faceemotionkit.core.NeutralLearner
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.Recognizer
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.core.YuvFrame
import org.faceemotionkit.core.requireLookEvery
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
) : Closeable {
    private val camera = YuvFrame()

    @Volatile
    private var isClosed = false

    /** The class names in the order of [Face.probabilities]. */
    public val labels: List<String> = recognizer.contract.labels

    /**
     * The narrowest box of an upright face, in pixels of the upright image, that has as many pixels as the network sees;
     * [Face.isSmall] says it of each face.
     */
    public val smallestFace: Double = recognizer.smallestFace

    /** Seconds without its face after which a track is forgotten: what belongs to the track goes with it. */
    public val trackMemory: Double = recognizer.contract.trackMemory

    /**
     * The faces of a still picture, the detector's surest first. Neither uses nor changes the state of tracks.
     *
     * @param bitmap upright (EXIF orientation applied), of any configuration and colour space, both sides at least 8
     *   pixels; what is transparent lies over black
     * @param baseline of the person in the bitmap, for every face of it: see [learnNeutral]
     * @param reach [Reach.FAR] finds small and turned faces as well, for tenths of a second and more; by default what the
     *   model's contract states
     * @throws org.faceemotionkit.core.UnsupportedImageException for a smaller or recycled bitmap
     * @throws org.faceemotionkit.core.BaselineException for a baseline of another model or head
     * @throws RecognizerClosedException after [close]
     */
    @JvmOverloads
    public fun recognize(
        bitmap: Bitmap,
        baseline: Baseline? = null,
        reach: Reach = recognizer.contract.reach,
    ): List<Face> = recognize(baseline, reach) { ArgbFrame(BitmapSource.of(bitmap)) }

    internal fun recognize(baseline: Baseline? = null, reach: Reach? = null, still: () -> Frame): List<Face> =
        alone { recognizer.recognize(still(), time = null, baseline, reach) }

    /**
     * The faces of a camera's image, the detector's surest first, with tracks and smoothing from call to call; the time
     * is the image's own timestamp. The image's pixels are copied, so that it may be closed right afterwards.
     *
     * @param image of format YUV_420_888
     * @param rotation how far the image has to be turned clockwise to stand upright, 0, 90, 180 or 270: what
     *   [org.faceemotionkit.core.uprightRotation] gives. Boxes are in pixels of the image so turned, which is not
     *   mirrored.
     * @param baseline of the person in front of the camera, for every face of the image: see [neutralLearner]
     * @param reach of this image alone; null: faces are followed from image to image and looked for every `lookEvery`
     *   seconds (see [load]), near, and far less often
     * @throws org.faceemotionkit.core.UnsupportedImageException for another format or rotation, or a closed image
     * @throws org.faceemotionkit.core.BaselineException for a baseline of another model or head
     * @throws RecognizerClosedException after [close]
     */
    @JvmOverloads
    public fun recognize(image: Image, rotation: Int, baseline: Baseline? = null, reach: Reach? = null): List<Face> =
        alone {
            recognizer.recognize(camera, time = camera.load(image, rotation), baseline, reach)
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
        private const val ASSETS = "face_emotion_kit"
        private const val DETECTOR = "face_detector"
        private const val THREADS = 2

        /**
         * Loads a released model and the face detector from the library's assets, and checks their sha256.
         *
         * @param variant the model's folder among the assets; null: the one that was packaged, of several the first by
         *   name
         * @param head whose answer: [Head.LABELS] (FER2013's annotators), [Head.VOTES] (the ten people of FER+ that were
         *   asked about each image) or [Head.BOTH] (the model's blend of them)
         * @param lookEvery seconds between two looks at whole camera images, between which faces are followed by the motion
         *   of their pixels, which costs much less: a new face is seen that much later; 0: each image is looked at
         * @throws IllegalArgumentException if lookEvery is below 0, or not finite
         * @throws org.faceemotionkit.core.HeadMissingException if the model does not have the head
         * @throws org.faceemotionkit.core.ModelMissingException if a file is not there
         * @throws org.faceemotionkit.core.ModelDamagedException if a file is not the one that its manifest names
         */
        @JvmStatic
        @JvmOverloads
        public fun load(
            context: Context,
            variant: String? = null,
            head: Head = Head.BOTH,
            lookEvery: Double = LOOK_EVERY,
        ): EmotionRecognizer {
            val files = AssetFiles(context.applicationContext.assets)
            return load(files, ASSETS, variant ?: packaged(files), THREADS, head, lookEvery)
        }

        private fun packaged(files: AssetFiles): String = files.list(ASSETS).filter { it != DETECTOR }.minOrNull()
            ?: throw ModelMissingException("$ASSETS holds no model: copy the released model files into the app.")

        /** Loads from any place of files: [root] holds a folder for the variant and one for the detector. */
        internal fun load(
            files: FileSource,
            root: String,
            variant: String,
            threads: Int,
            head: Head = Head.BOTH,
            lookEvery: Double = LOOK_EVERY,
        ): EmotionRecognizer {
            requireLookEvery(lookEvery)
            val model = ModelFolder.open(files, "$root/$variant")
            val faces = ModelFolder.open(files, "$root/$DETECTOR")
            val contract = model.contract()
            val identity = model.identity()
            val check = KernelCheck.of(model)
            val classifier = TfliteRunner(model.artifact("int8"), threads, "$root/$variant")
                .closedOnFailure { Classifier(it, contract, head) }
            val isAccelerated = classifier.closedOnFailure { Acceleration.logged.of(it, check) }
            val detector = classifier.closedOnFailure {
                Detector.load(faces) { TfliteRunner(it, threads, "$root/$DETECTOR") }
            }
            return EmotionRecognizer(Recognizer(contract, classifier, detector, identity, lookEvery), isAccelerated)
        }

        private inline fun <C : Closeable, T> C.closedOnFailure(use: (C) -> T): T = try {
            use(this)
        } catch (error: RuntimeException) {
            close()
            throw error
        }
    }
}
