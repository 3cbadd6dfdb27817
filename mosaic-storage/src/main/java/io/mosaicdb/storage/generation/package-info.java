/**
 * What a partition serves, and how it comes to serve something else.
 *
 * <p>A <em>generation</em> is a set of sealed shards with the document versions in them that no
 * longer count. Its {@link GenerationManifest} says so in one JSON file that carries its own hash.
 * {@link GenerationStore} keeps the manifests of a partition and the file {@code CURRENT} that
 * names the active one. Activation is all or nothing: every shard file is there and unaltered, the
 * embedder is the one that answers queries, the manifest follows the active one; otherwise the
 * reasons are told and the old generation serves on. A crash at any step leaves the old generation
 * or the new one, never neither.
 *
 * <p>The files are described in {@code DESIGN.md} beside this class.
 */
@NullMarked
package io.mosaicdb.storage.generation;

import org.jspecify.annotations.NullMarked;
