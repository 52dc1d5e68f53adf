// The library: TensorFlow Lite, bitmaps and camera images around core. Its tests stand in ../ci/emotion, since they
// need another native library than the one for Android.
import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import javax.inject.Inject

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
}

group = "org.faceemotionkit"
version = libs.versions.kit.get()

android {
    namespace = "org.faceemotionkit"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig {
        minSdk = libs.versions.minSdk.get().toInt()
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
}

kotlin {
    explicitApi()
    compilerOptions {
        jvmTarget = JvmTarget.JVM_1_8
        optIn.add("org.faceemotionkit.core.InternalKitApi") // what the kit's modules share
    }
}

dependencies {
    api(project(":core"))
    implementation(libs.litert)
}

/** Copies what EmotionRecognizer.load reads out of the repository's models/: there is no second copy in git. */
abstract class CopyModels : DefaultTask() {
    @get:InputFiles
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val models: ConfigurableFileCollection

    @get:OutputDirectory
    abstract val assets: DirectoryProperty

    @get:Inject
    abstract val files: FileSystemOperations

    @TaskAction
    fun copy() {
        files.sync {
            from(models)
            into(assets.dir("face_emotion_kit"))
        }
    }
}

// Another model of models/: ./gradlew -Pvariant=small-mine …
val variant = providers.gradleProperty("variant").getOrElse("small")

val copyModels = tasks.register<CopyModels>("copyModels") {
    models.from(
        fileTree(rootDir.resolve("../../models")) {
            include(
                "$variant/manifest.json",
                "$variant/int8.tflite",
                "$variant/kernels.json",
                "face_detector/manifest.json",
                "face_detector/LICENSE",
                "face_detector/near.tflite",
                "face_detector/far.tflite",
            )
        },
    )
}

androidComponents {
    onVariants { built ->
        built.sources.assets?.addGeneratedSourceDirectory(copyModels, CopyModels::assets)
    }
}
