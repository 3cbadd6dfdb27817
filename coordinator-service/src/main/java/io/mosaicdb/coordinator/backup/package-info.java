/** Backups of namespaces and their restoration, as tasks that go on after a restart. */
@NullMarked
package io.mosaicdb.coordinator.backup;

import org.jspecify.annotations.NullMarked;
