/**
 * What a coordinator asks of a shard worker. Bodies are JSON; a commit's body is CBOR, since the
 * worker's log keeps those very bytes.
 */
@NullMarked
package io.mosaicdb.contract.worker;

import org.jspecify.annotations.NullMarked;
