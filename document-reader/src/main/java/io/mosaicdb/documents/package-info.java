/**
 * Reads documents that are no web pages, PDF and Office files, for a crawler that talks to it
 * through its standard input and output. A process of its own: whatever a document does to its
 * parser (endless loops, all the memory there is) ends with this process, which is started anew.
 */
@NullMarked
package io.mosaicdb.documents;

import org.jspecify.annotations.NullMarked;
