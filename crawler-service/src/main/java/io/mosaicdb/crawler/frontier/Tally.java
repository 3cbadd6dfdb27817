package io.mosaicdb.crawler.frontier;

/** How many URLs stand somewhere, for one reason. */
public record Tally(String kind, String state, String reason, long urls) {}
