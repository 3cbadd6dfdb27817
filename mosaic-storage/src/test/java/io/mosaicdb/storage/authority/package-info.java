@NullMarked
package io.mosaicdb.storage.authority;

import org.jspecify.annotations.NullMarked;
