/**
 * Second names of namespaces. The workers keep them, beside the namespaces themselves; a request's
 * name is resolved once, where it enters, so that it reads and writes one namespace from start to
 * end: {@code docs/adr/0007-aliases-live-with-the-namespaces.md}.
 */
@NullMarked
package io.mosaicdb.coordinator.naming;

import org.jspecify.annotations.NullMarked;
