/**
 * {@code make demo}: real documentation as a website on this machine, crawled, ranked by its links
 * and searched while one watches.
 *
 * <p>The corpus is the javadoc of widely used libraries, as the package registry carries it: the
 * build copies the jars into one folder, and nothing of them is on the class path. {@link
 * io.mosaicdb.standalone.demo.JavadocJar} reads a jar, {@link
 * io.mosaicdb.standalone.demo.JavadocPage} is what a page says without its furniture, {@link
 * io.mosaicdb.standalone.demo.DocumentationSite} serves it. All else goes over the public HTTP API,
 * so that whatever the demo does, a program of yours can do too.
 */
@NullMarked
package io.mosaicdb.standalone.demo;

import org.jspecify.annotations.NullMarked;
