/** How documents and commits are encoded: CBOR in the commit log, JSON inside a shard's columns. */
@NullMarked
package io.mosaicdb.storage.document;

import org.jspecify.annotations.NullMarked;
