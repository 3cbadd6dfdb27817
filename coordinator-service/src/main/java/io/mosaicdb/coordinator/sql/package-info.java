/**
 * SQL over a namespace: checks what was sent and has one worker answer it, which gets from the
 * others what the statement reads of theirs.
 */
@NullMarked
package io.mosaicdb.coordinator.sql;

import org.jspecify.annotations.NullMarked;
