/**
 * Names made from content: SHA-256 as hexadecimal for file checksums, as base32 for identifiers.
 */
@NullMarked
package io.mosaicdb.storage.hash;

import org.jspecify.annotations.NullMarked;
