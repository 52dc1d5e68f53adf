// EmotionRecognizer over a Flow of frames: the one module that needs kotlinx-coroutines. Its tests stand in ../ci/flow.
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
}

group = "org.faceemotionkit"
version = libs.versions.kit.get()

android {
    namespace = "org.faceemotionkit.flow"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig {
        minSdk = libs.versions.minSdk.get().toInt()
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
    }
}

dependencies {
    api(project(":emotion"))
    api(libs.coroutines)
}
