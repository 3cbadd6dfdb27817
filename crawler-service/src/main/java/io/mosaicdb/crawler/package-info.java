/**
 * The crawler's service: puts together what its packages make. {@code url}, {@code robots}, {@code
 * fetch} and {@code sitemap} meet the web; {@code page}, {@code duplicate} and {@code warc} read
 * and keep what it says; {@code frontier} remembers, {@code crawl} runs, {@code index} brings pages
 * into a namespace, {@code api} answers users.
 */
@NullMarked
package io.mosaicdb.crawler;

import org.jspecify.annotations.NullMarked;
