package org.faceemotionkit.core

/**
 * What the kit's modules share and apps do not use: it may change with every release. The API dump leaves it out.
 *
 * Functions of a file stand in a class of a name that no Java source can write (`@file:JvmName("-Geometry")`), or in one
 * that is meant to be seen (`Rotation`, `Frames`, `Boxes`).
 */
@RequiresOptIn("A part of the kit that its modules share: it may change with every release.", RequiresOptIn.Level.ERROR)
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION, AnnotationTarget.PROPERTY, AnnotationTarget.CONSTRUCTOR)
public annotation class InternalKitApi
