package io.mosaicdb.starter.discovery;

import java.util.List;

/** Tells where the instances of a service are. Safe for use by many threads. */
public interface ServiceDirectory {
  /**
   * The known instances, in a stable order; empty if the service is not known. Being listed does
   * not promise that an instance answers. Cheap: never waits for the network.
   *
   * @param service the service's name, for example {@code coordinator-service}
   */
  List<ServiceInstance> instances(String service);
}
