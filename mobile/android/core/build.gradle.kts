// The runtime vocabulary in plain Kotlin: no android.* class is on its class path.
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    alias(libs.plugins.kotlin.jvm)
}

group = "org.faceemotionkit"
version = libs.versions.kit.get()

java {
    sourceCompatibility = JavaVersion.VERSION_1_8
    targetCompatibility = JavaVersion.VERSION_1_8
}

kotlin {
    explicitApi()
    compilerOptions {
        jvmTarget = JvmTarget.JVM_1_8
        optIn.add("org.faceemotionkit.core.InternalKitApi") // what the kit's modules share
        // Without it ByteBuffer.clear() gets JDK 9's signature, which Android 8 lacks.
        freeCompilerArgs.add("-Xjdk-release=1.8")
    }
    sourceSets.test {
        kotlin.srcDir("src/testShared/kotlin")
    }
}

dependencies {
    compileOnly(libs.json) // part of the framework on Android
    testImplementation(libs.json)
    testImplementation(libs.junit)
}

tasks.test {
    systemProperty("models", rootDir.resolve("../../models").path)
    systemProperty("vectors", providers.gradleProperty("vectors").getOrElse(""))
}
