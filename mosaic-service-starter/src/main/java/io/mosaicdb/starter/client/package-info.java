/**
 * Calls to other services. {@link io.mosaicdb.starter.client.ServiceClients} makes an
 * implementation of a contract's HTTP interface for one address, or for whichever instance of a
 * service comes next. A failure of the callee arrives as the very {@link
 * io.mosaicdb.contract.error.MosaicException} it was there; a callee that cannot be reached or is
 * late is a MosaicException, too. This is the layer that may try another instance, and only when no
 * connection was made, so no call is ever carried out twice. Where services share a process, {@link
 * io.mosaicdb.starter.client.LocalServices} lets a client call one as an object.
 */
@NullMarked
package io.mosaicdb.starter.client;

import org.jspecify.annotations.NullMarked;
