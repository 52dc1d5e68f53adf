/* The face detector of a folder, whatever network it holds. Twin of face_emotion/detector.py. */
package org.faceemotionkit.core

import java.io.Closeable

/** What finds faces; closing it closes its networks. One thread at a time. */
@InternalKitApi
public abstract class Detector internal constructor() : Closeable {
    /** The key points' names. */
    public abstract val keypoints: List<String>

    /**
     * The faces of an image, highest score first.
     *
     * @param reach [Reach.NEAR]: one look at the whole image; [Reach.FAR]: small and turned faces as well
     * @throws ModelDamagedException if the network for far, which is prepared when it is first needed, cannot be run
     */
    public abstract fun detect(frame: Frame, reach: Reach = Reach.NEAR): List<Detection>

    /**
     * The faces of a picture of one person, highest score first: what near finds, looked at closely, so that it is known
     * which way up a face is; where it finds nobody, far. Throws as [detect].
     */
    internal open fun portrait(frame: Frame): List<Detection> =
        detect(frame, Reach.NEAR).ifEmpty { detect(frame, Reach.FAR) }

    /** The state of one more video: each frame for itself, where the detector has no far. [lookEvery]: as [LiveSearch]. */
    internal open fun live(lookEvery: Double): Live = Live { frame, _ -> detect(frame) }

    /** A contract's crop with what belongs to this detector's boxes. */
    internal open fun crop(crop: Crop): Crop = crop

    @InternalKitApi
    public companion object {
        private const val BLAZEFACE = "blazeface"
        private const val NEAR = "tflite"
        private const val FAR = "tflite_far"

        /**
         * Reads a detector's folder, and checks the sha256 of its model files.
         *
         * @param open prepares a network of a .tflite file's content: at once, and once more when far is first asked for
         * @throws ModelMissingException if a file is not there
         * @throws ModelDamagedException if a file is not the manifest's, or the manifest names another kind of network
         */
        @JvmStatic
        public fun load(folder: ModelFolder, open: (ByteArray) -> TensorRunner): Detector {
            val manifest = folder.manifest
            val kind = if (folder.format > 1) manifest.shown("detector.kind") else BLAZEFACE
            if (kind == BLAZEFACE) {
                val settings = BlazeFaceSettings.read(manifest)
                return BlazeFace(open(folder.artifact(NEAR)), settings)
            }
            if (kind != YuNetSettings.KIND) {
                manifest.refuse("detector.kind", "${YuNetSettings.KIND} (this kit knows no $kind: update it)")
            }
            val settings = YuNetSettings.read(manifest)
            val crop = BoxPlace.read(manifest)
            val (near, far) = folder.artifact(NEAR) to folder.artifact(FAR)
            return YuNet(open(near), { open(far) }, settings, crop)
        }
    }
}

/** BlazeFace short range, which has one pass and no far. [runner]: of its network. */
internal class BlazeFace(runner: TensorRunner, private val settings: BlazeFaceSettings) : Detector() {
    private val anchors = anchorsOf(settings)
    private val sampler = SquareSampler(settings.inputSize, factor = 1 / HALF, offset = -1f)
    private val network = (anchors.size / 2).let { count ->
        val shapes = listOf(listOf(1, count, 4 + 2 * settings.keypoints.size), listOf(1, count, 1))
        SquareNetwork(runner, settings.inputSize, shapes)
    }
    override val keypoints get() = settings.keypoints

    override fun detect(frame: Frame, reach: Reach): List<Detection> {
        val place = Letterbox.of(frame.width, frame.height, settings.inputSize)
        sampler.sample(frame, place, network.square)
        val (boxes, scores) = network.run()
        val found = decode(boxes, scores, anchors, settings)
        return detections(weightedSuppression(found, settings.iouThreshold), place, keypoints)
    }

    override fun close() = network.close()

    private companion object {
        const val HALF = 127.5f
    }
}

/**
 * YuNet at two sizes.
 *
 * @param near the network for near; [openFar]: prepares that for far, when it is first needed
 * @param boxes how its boxes stand in the crop
 */
internal class YuNet(
    near: TensorRunner,
    openFar: () -> TensorRunner,
    private val settings: YuNetSettings,
    private val boxes: BoxPlace,
) : Detector() {
    private val near = YuNetPass(near, settings.nearSize, settings)
    private val far = lazy(LazyThreadSafetyMode.NONE) { YuNetPass(openFar(), settings.farSize, settings) }
    private val search = FarSearch(Looks(this.near, far::value, settings), settings)
    override val keypoints get() = settings.keypoints

    override fun live(lookEvery: Double): Live = LiveSearch(search, lookEvery)

    override fun crop(crop: Crop): Crop = Crop(boxes.width, boxes.centerX, boxes.centerY, crop.maxSamples)

    override fun detect(frame: Frame, reach: Reach): List<Detection> = when (reach) {
        Reach.NEAR -> search.near(frame)
        Reach.FAR -> search.search(frame)
    }

    override fun portrait(frame: Frame): List<Detection> = search.closely(frame).ifEmpty { search.search(frame) }

    override fun close() {
        near.close()
        if (far.isInitialized()) far.value.close()
    }
}

/** How a detector's boxes stand in the crop: their width as a fraction of its side, > 0, and where their centre is. */
internal class BoxPlace(val width: Double, val centerX: Double, val centerY: Double) {
    companion object {
        /** Throws [ModelDamagedException] naming the entry that is missing or unusable. */
        fun read(manifest: Fields): BoxPlace {
            val (x, y) = manifest.fractions("detector.crop.box_center", 2)
            return BoxPlace(manifest.positive("detector.crop.box_width"), x, y)
        }
    }
}
