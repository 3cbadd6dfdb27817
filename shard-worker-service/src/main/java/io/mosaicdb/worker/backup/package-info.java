/** Backups of namespaces: made, listed, and restored under any name that is free. */
@NullMarked
package io.mosaicdb.worker.backup;

import org.jspecify.annotations.NullMarked;
