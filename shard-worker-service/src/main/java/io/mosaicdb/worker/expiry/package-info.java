/**
 * Deletes documents whose time is over ({@code settings.ttl} of a namespace), by commits like any
 * other's: what readers see, {@code as_of} and backups need no rule of their own.
 */
@NullMarked
package io.mosaicdb.worker.expiry;

import org.jspecify.annotations.NullMarked;
