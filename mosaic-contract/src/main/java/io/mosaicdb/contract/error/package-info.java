/**
 * How a MosaicDB service says no. Every failure has an {@link
 * io.mosaicdb.contract.error.ErrorCode}; code that detects one throws {@link
 * io.mosaicdb.contract.error.MosaicException}; what leaves the process is an RFC 9457 {@link
 * io.mosaicdb.contract.error.Problem}. A caller that receives a problem from another service turns
 * it back into the same exception, so a failure keeps its code from the shard to the user.
 */
@NullMarked
package io.mosaicdb.contract.error;

import org.jspecify.annotations.NullMarked;
