package io.mosaicdb.coordinator.backup;

import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class BackupConfiguration {
  @Bean
  BackupTask backupTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    return new BackupTask(catalog, topology, mapper, Clock.systemUTC());
  }

  @Bean
  RestoreTask restoreTask(WorkerTopology topology, JsonMapper mapper) {
    return new RestoreTask(topology, mapper);
  }
}
