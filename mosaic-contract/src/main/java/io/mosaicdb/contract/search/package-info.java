/** Search requests and answers as they cross the public wire. */
@NullMarked
package io.mosaicdb.contract.search;

import org.jspecify.annotations.NullMarked;
