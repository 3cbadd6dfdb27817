/**
 * Rebuilds of a namespace whose schema or model changed: documents get what they are to be, from
 * what is stored of them. Why the worker does it, and asks the embedding service itself, is in
 * {@code docs/adr/0013-a-rebuild-is-another-generation.md}.
 */
@NullMarked
package io.mosaicdb.worker.rebuild;

import org.jspecify.annotations.NullMarked;
