package io.mosaicdb.starter.discovery;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The instances that the configuration lists. */
public final class StaticServiceDirectory implements ServiceDirectory {
  private final Map<String, List<ServiceInstance>> instances;

  public StaticServiceDirectory(Map<String, List<URI>> addresses) {
    var built = new HashMap<String, List<ServiceInstance>>();
    addresses.forEach((service, uris) -> {
      var list = new ArrayList<ServiceInstance>();
      for (var uri : uris) {
        list.add(new ServiceInstance(service + "-" + list.size(), uri, Map.of()));
      }
      built.put(service, List.copyOf(list));
    });
    this.instances = Map.copyOf(built);
  }

  @Override
  public List<ServiceInstance> instances(String service) {
    return instances.getOrDefault(service, List.of());
  }
}
