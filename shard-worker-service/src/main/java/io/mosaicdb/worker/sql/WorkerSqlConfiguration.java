package io.mosaicdb.worker.sql;

import io.mosaicdb.storage.sql.SnapshotSql;
import io.mosaicdb.worker.namespace.DiskThreads;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkerSqlConfiguration {
  @Bean
  DiskThreads sqlThreads(WorkerSqlProperties properties) {
    return new DiskThreads("sql", properties.threads(), properties.queue());
  }

  @Bean
  WorkerSql workerSql(
      DiskThreads sqlThreads,
      ScheduledExecutorService housekeeping,
      WorkerSqlProperties properties) {
    return new WorkerSql(sqlThreads.executor(), new SnapshotSql(housekeeping), properties);
  }
}
