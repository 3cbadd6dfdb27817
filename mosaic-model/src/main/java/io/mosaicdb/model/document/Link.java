package io.mosaicdb.model.document;

import org.jspecify.annotations.Nullable;

/**
 * A hyperlink out of a document: absolute target, anchor text, and the rel attribute where there is
 * one.
 */
public record Link(String url, String text, @Nullable String rel) {}
