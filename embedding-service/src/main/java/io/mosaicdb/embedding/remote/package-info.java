/**
 * Models behind somebody else's HTTP interface.
 *
 * <p>{@link io.mosaicdb.embedding.remote.RemoteBackend} owns the call: time-outs, the only retries
 * between a request and the model, and the distrust of the answer. An {@link
 * io.mosaicdb.embedding.remote.EmbeddingProtocol} knows one vendor's address and JSON.
 */
@NullMarked
package io.mosaicdb.embedding.remote;

import org.jspecify.annotations.NullMarked;
