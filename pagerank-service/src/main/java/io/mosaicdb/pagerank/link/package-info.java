/**
 * What is collected for a computation: the documents of a namespace, each a node, and where they
 * link to. {@link io.mosaicdb.pagerank.link.NodeTable} holds it in one SQLite file, so that memory
 * stays bounded and a collection that was interrupted goes on with the page of documents that it
 * had not stored yet; targets become nodes by {@link io.mosaicdb.pagerank.link.LinkKey}.
 */
@NullMarked
package io.mosaicdb.pagerank.link;

import org.jspecify.annotations.NullMarked;
