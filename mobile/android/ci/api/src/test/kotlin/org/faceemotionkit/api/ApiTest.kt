package org.faceemotionkit.api

import kotlinx.validation.api.dump
import kotlinx.validation.api.filterOutAnnotated
import kotlinx.validation.api.filterOutNonPublic
import kotlinx.validation.api.loadApiFromJvmClasses
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/**
 * What an app can call, as it is compiled, beside what mobile/android/api/ says. A change that is meant:
 * python -m mobile.android.ci.api --renew
 */
class ApiTest {
    private val committed = File(System.getProperty("api.folder"))
    private val dumps = MODULES.associateWith(::dumpOf)

    private fun dumpOf(module: String): String {
        val classes = classesOf(module)
        assertTrue("$module: run the whole reactor", classes.isNotEmpty())
        val signatures = classes.asSequence().map(File::inputStream).loadApiFromJvmClasses()
            .filterOutAnnotated(setOf(HIDDEN)).filterOutNonPublic()
        return StringBuilder().also(signatures::dump).toString()
    }

    private fun classesOf(module: String) = File(System.getProperty("classes.folder"), "$module/classes").walk()
        .filter { it.extension == "class" && it.parentFile.name != "META-INF" }.sorted().toList()

    @Test
    fun `the API is the committed one`() {
        for ((module, dump) in dumps) {
            val file = committed.resolve("$module.api")
            if (System.getProperty("api.renew").toBoolean()) file.writeText(dump)
            val expected = if (file.exists()) file.readText() else ""
            val gone = expected.lines() - dump.lines().toSet()
            val new = dump.lines() - expected.lines().toSet()
            val renew = "renew the dump if that is meant: python -m mobile.android.ci.api --renew"
            assertEquals("$module.api: gone $gone, new $new; $renew", expected, dump)
        }
    }

    @Test
    fun `no class is called after a file`() {
        for ((module, dump) in dumps) {
            val names = Regex("class (\\S+)").findAll(dump).map { it.groupValues[1] }.toList()
            assertTrue("$module: $names", names.isNotEmpty())
            // Nor one of those that are left out of the dump: Java's completion would offer it.
            assertEquals(
                module,
                emptyList<String>(),
                classesOf(module).map(File::nameWithoutExtension).filter {
                    it.endsWith("Kt")
                },
            )
        }
    }

    @Test
    fun `what is public names nothing that is not`() {
        val all = dumps.values.joinToString("\n")
        val public = Regex("(?:class|interface) (org/faceemotionkit/\\S+)").findAll(all).map {
            it.groupValues[1]
        }.toSet()
        // A companion's way to a private constructor is in the classes, and open to nobody.
        val callable = all.lines().filter { "public synthetic fun <init>" !in it }.joinToString("\n")
        val named = Regex("org/faceemotionkit/[\\w/$]+").findAll(callable).map { it.value }.toSet()
        assertEquals(emptySet<String>(), named - public)
        assertTrue("${public.size}", public.size > 20)
    }

    private companion object {
        val MODULES = listOf("core", "emotion", "flow")
        const val HIDDEN = "org/faceemotionkit/core/InternalKitApi"
    }
}
