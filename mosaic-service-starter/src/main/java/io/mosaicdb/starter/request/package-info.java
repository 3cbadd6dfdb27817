/** The id that ties together what one request did in all services: header, log and problem body. */
@NullMarked
package io.mosaicdb.starter.request;

import org.jspecify.annotations.NullMarked;
