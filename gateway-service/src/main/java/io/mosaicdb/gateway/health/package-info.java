/** The public answer to whether the product works, added up from what each service reports. */
@NullMarked
package io.mosaicdb.gateway.health;

import org.jspecify.annotations.NullMarked;
