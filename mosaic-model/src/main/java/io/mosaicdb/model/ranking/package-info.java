/** How hits are ordered and how the lists of several retrieval legs become one. */
@NullMarked
package io.mosaicdb.model.ranking;

import org.jspecify.annotations.NullMarked;
