@NullMarked
package io.mosaicdb.starter.file;

import org.jspecify.annotations.NullMarked;
