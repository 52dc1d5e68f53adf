package org.faceemotionkit.core

import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream
import java.security.MessageDigest
import java.util.zip.DataFormatException

/** Opens a file by its path, as android.content.res.AssetManager or a folder of the JVM does. */
@InternalKitApi
public interface FileSource {
    /** @throws IOException if it cannot be read, FileNotFoundException if there is none */
    @Throws(IOException::class)
    public fun open(path: String): InputStream
}

/**
 * A folder with a manifest.json, and files that are what it says they are. Twin of face_emotion/model_files.py: no file
 * is used whose size or sha256 is not the manifest's.
 *
 * @property path what messages call it
 */
@InternalKitApi
public class ModelFolder private constructor(
    private val files: FileSource,
    public val path: String,
    internal val manifest: Fields,
    internal val format: Int,
) {
    /** The entry "contract". */
    public fun contract(): Contract = Contract.read(manifest, format)

    /** What tells this model from every other, whichever of its files answers: sha256 of the int8 file, as stated. */
    public fun identity(): String = entry("int8").text("sha256")

    /**
     * Reads an artifact that is one file.
     *
     * @param name an entry of the manifest's "artifacts"
     * @throws ModelMissingException if the file is not there
     * @throws ModelDamagedException if the manifest has no such artifact, or the file is not the one that it names, or
     *   carries other class names
     */
    public fun artifact(name: String): ByteArray {
        val entry = entry(name)
        val file = entry.text("file").takeIf(::isInside) ?: entry.refuse("file", "the name of a file in this folder")
        val (count, digest) = entry.count("bytes") to entry.text("sha256")
        val content = read(files, "$path/$file")
        if (content.size != count || sha256(content) != digest) {
            throw ModelDamagedException(
                "$path/$file is damaged or was changed: its size or sha256 is not the one in $path/$MANIFEST.",
            )
        }
        checkLabels("$path/$file", content)
        return content
    }

    /** Compares the class names that a classifier's file carries with the contract's. */
    private fun checkLabels(file: String, content: ByteArray) {
        if (!manifest.has("contract.labels")) return // a detector's
        val carried = try {
            carriedLabels(content) ?: return
        } catch (error: DataFormatException) {
            throw ModelDamagedException("$file is damaged: the class names in it cannot be read.", error)
        }
        val stated = manifest.names("contract.labels")
        if (carried != stated) {
            throw ModelDamagedException(
                "$path/$MANIFEST: contract.labels: $stated where $file has $carried: use its own manifest.",
            )
        }
    }

    /** A JSON file of this folder that the manifest does not name; null if it is not there. */
    internal fun unlisted(file: String): Fields? {
        val content = try {
            read(files, "$path/$file")
        } catch (_: ModelMissingException) {
            return null
        }
        return Fields.parse(String(content, Charsets.UTF_8), "$path/$file")
    }

    private fun entry(name: String): Fields {
        val where = "artifacts.$name.files"
        return manifest.objects(where).singleOrNull() ?: manifest.refuse(where, "one file")
    }

    @InternalKitApi
    public companion object {
        private const val MANIFEST = "manifest.json"
        private val FORMATS = listOf(1, 2)
        private val INSIDE = Regex("[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")

        /**
         * Reads a folder's manifest.
         *
         * @param path the folder's, or that of its manifest.json
         * @throws ModelMissingException if there is none
         * @throws ModelDamagedException if it is of a format that this kit does not read
         */
        @JvmStatic
        public fun open(files: FileSource, path: String): ModelFolder {
            val folder = path.removeSuffix("/$MANIFEST").trimEnd('/')
            val where = "$folder/$MANIFEST"
            val manifest = Fields.parse(String(read(files, where), Charsets.UTF_8), where)
            val format = if (manifest.has("format")) manifest.count("format") else 0
            if (format !in FORMATS) manifest.refuse("format", "1 or 2, as the released models have it,")
            return ModelFolder(files, folder, manifest, format)
        }

        private fun read(files: FileSource, path: String): ByteArray = try {
            files.open(path).use { it.readBytes() }
        } catch (error: FileNotFoundException) {
            throw ModelMissingException("$path is missing: copy the released model files into the app.", error)
        } catch (error: IOException) {
            throw ModelDamagedException("$path cannot be read: ${error.message}.", error)
        }

        private fun isInside(file: String) = INSIDE.matches(file)

        private fun sha256(content: ByteArray): String =
            MessageDigest.getInstance("SHA-256").digest(content).joinToString("") {
                (it.toInt() and 0xff).toString(16).padStart(2, '0')
            }
    }
}
