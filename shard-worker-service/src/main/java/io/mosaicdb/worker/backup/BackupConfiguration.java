package io.mosaicdb.worker.backup;

import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BackupConfiguration {
  /** One thread: a target has one writer at a time. */
  @Bean
  DiskThreads backupThread() {
    return new DiskThreads("backup", 1, 1024);
  }

  @Bean
  BackupJob backupJob(Namespaces namespaces, BackupTargets targets, DiskThreads backupThread) {
    return new BackupJob(namespaces, targets, backupThread);
  }

  @Bean
  RestoreJob restoreJob(Namespaces namespaces, BackupTargets targets, DiskThreads backupThread) {
    return new RestoreJob(namespaces, targets, backupThread);
  }
}
