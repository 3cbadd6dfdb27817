@NullMarked
package io.mosaicdb.crawler;

import org.jspecify.annotations.NullMarked;
