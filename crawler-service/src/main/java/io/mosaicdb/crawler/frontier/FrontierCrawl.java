package io.mosaicdb.crawler.frontier;

/**
 * Which crawl of the file is meant, and what it needs to know of it.
 *
 * @param number its name in the file
 * @param maxDepth the most links from a seed at which a page is still fetched
 */
public record FrontierCrawl(long number, String id, int maxDepth) {}
