package io.mosaicdb.crawler.duplicate;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a page to find its duplicates.
 *
 * @param canonical the address that the page names as its own, or null
 * @param textSha256 of its normalised text, see {@link SimHash#exact}
 * @param simHash of its text; 0 for a text too short to be compared nearly, see {@link
 *     SimHash#near}
 */
public record Fingerprint(URI url, @Nullable URI canonical, String textSha256, long simHash) {}
