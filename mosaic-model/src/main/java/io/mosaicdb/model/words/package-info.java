/**
 * What a user types into a search box, taken apart before any language's analysis. The coordinator
 * reads it for the words that are worth embedding, the storage for the words to look up.
 */
@NullMarked
package io.mosaicdb.model.words;

import org.jspecify.annotations.NullMarked;
