/**
 * What a namespace's documents look like: text fields with their weight and language, typed
 * attributes, one vector per passage; and the settings under which they are kept.
 */
@NullMarked
package io.mosaicdb.model.schema;

import org.jspecify.annotations.NullMarked;
