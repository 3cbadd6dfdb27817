/**
 * PDF and Office documents, where they are wanted. They are read by another process, of the module
 * {@code document-reader}, which is started when the first one comes and ends when none has come
 * for a while: a document can neither stop the crawler nor take its memory, and a crawler that
 * meets none pays nothing. Its protocol is described with {@code DocumentReaderMain}.
 */
@NullMarked
package io.mosaicdb.crawler.document;

import org.jspecify.annotations.NullMarked;
