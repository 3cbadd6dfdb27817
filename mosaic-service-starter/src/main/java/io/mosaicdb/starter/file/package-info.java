/** What a service does to files that are its own. */
@NullMarked
package io.mosaicdb.starter.file;

import org.jspecify.annotations.NullMarked;
