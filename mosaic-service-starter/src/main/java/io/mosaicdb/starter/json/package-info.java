/**
 * JSON as the public interface promises it: snake_case names, lower-case enums, RFC 3339 times, no
 * silent coercion, no number that is not finite, no half of a surrogate pair, bounded depth and
 * size, and unknown fields refused by name. Between services unknown fields are skipped, so that a
 * newer service may talk to an older one during an upgrade.
 */
@NullMarked
package io.mosaicdb.starter.json;

import org.jspecify.annotations.NullMarked;
