package org.faceemotionkit

import org.faceemotionkit.core.FileSource
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.ModelMissingException
import java.io.ByteArrayInputStream
import java.io.File
import java.io.FileNotFoundException
import java.io.InputStream

/**
 * Where a model's files are: manifest.json and what it names. Wherever that is, a file is used only if its size and
 * sha256 are the manifest's.
 */
public class ModelSource private constructor(
    private val name: String,
    private val open: (assets: AssetFiles?, kind: Kind) -> ModelFolder,
) {
    internal fun folder(assets: AssetFiles?, kind: Kind): ModelFolder = open(assets, kind)

    override fun toString(): String = "ModelSource($name)"

    /** What a source is asked for. */
    internal enum class Kind { CLASSIFIER, DETECTOR }

    public companion object {
        private const val ASSETS = "face_emotion_kit"
        private const val DETECTOR = "face_detector"

        /** What was packaged with the library: of several models the first by name. */
        @JvmStatic
        public fun assets(): ModelSource = ModelSource("assets") { assets, kind ->
            val folder = if (kind == Kind.DETECTOR) DETECTOR else packaged(required(assets))
            ModelFolder.open(required(assets), "$ASSETS/$folder")
        }

        /** The folder of this name below face_emotion_kit/ among the app's assets. */
        @JvmStatic
        public fun assets(name: String): ModelSource = ModelSource("assets, $name") { assets, _ ->
            ModelFolder.open(required(assets), "$ASSETS/$name")
        }

        /** A folder of the file system, say of a model that was downloaded: manifest.json and what it names. */
        @JvmStatic
        public fun folder(folder: File): ModelSource = ModelSource("folder $folder") { _, _ ->
            ModelFolder.open(Disk, folder.path)
        }

        /**
         * Files in memory by their names, manifest.json among them: of a classifier what its manifest calls
         * artifacts.int8, of a detector tflite and tflite_far. The arrays are read while the recognizer loads.
         */
        @JvmStatic
        public fun bytes(files: Map<String, ByteArray>): ModelSource {
            val kept = LinkedHashMap(files)
            return ModelSource("bytes, ${kept.keys.joinToString()}") { _, _ -> ModelFolder.open(Memory(kept), MEMORY) }
        }

        private const val MEMORY = "bytes"

        private fun required(assets: AssetFiles?) =
            assets ?: throw ModelMissingException("The app's assets are not at hand: use load(context, options).")

        private fun packaged(assets: AssetFiles): String =
            assets.list(ASSETS).filter { it != DETECTOR }.minOrNull() ?: throw ModelMissingException(
                "$ASSETS holds no model: copy the released model files into the app.",
            )
    }

    private object Disk : FileSource {
        override fun open(path: String): InputStream = File(path).inputStream()
    }

    private class Memory(private val files: Map<String, ByteArray>) : FileSource {
        override fun open(path: String): InputStream =
            ByteArrayInputStream(files[path.removePrefix("$MEMORY/")] ?: throw FileNotFoundException(path))
    }
}
