/**
 * Who may use the gateway. On the loopback interface everyone who is on the machine; anywhere else
 * only bearers of an API key, and a gateway that would listen to the network without keys does not
 * start unless that is asked for in so many words.
 */
@NullMarked
package io.mosaicdb.gateway.access;

import org.jspecify.annotations.NullMarked;
