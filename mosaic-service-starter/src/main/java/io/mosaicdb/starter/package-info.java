/**
 * What every MosaicDB service is wrapped in, as auto-configuration: errors as problem+json, strict
 * JSON, request ids, the internal secret, HTTP clients, discovery, health, and a start that refuses
 * unknown configuration. Nothing here knows what a document or a query is.
 */
@NullMarked
package io.mosaicdb.starter;

import org.jspecify.annotations.NullMarked;
