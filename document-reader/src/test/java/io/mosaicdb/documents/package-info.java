@NullMarked
package io.mosaicdb.documents;

import org.jspecify.annotations.NullMarked;
