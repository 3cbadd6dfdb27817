package io.mosaicdb.pagerank.run;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.pagerank.link.Sqlite;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.discovery.ServiceInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PageRankProperties.class)
class PageRankConfiguration {
  private static final String WORKERS = "shard-worker-service";
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(65);

  /** Spring Batch's notes and ours. */
  @Bean
  HikariDataSource dataSource(PageRankProperties properties) throws IOException {
    Files.createDirectories(properties.folder());
    var source = new HikariDataSource();
    source.setPoolName("pagerank");
    source.setJdbcUrl(Sqlite.url(properties.folder().resolve("state.db")));
    source.setMaximumPoolSize(4);
    source.setMinimumIdle(0);
    return source;
  }

  @Bean
  Workers workers(ServiceDirectory directory, ServiceClients clients) {
    Map<ServiceInstance, ShardWorkerApi> known = new ConcurrentHashMap<>();
    return new Workers(() -> {
      var byId = new HashMap<String, ShardWorkerApi>();
      for (ServiceInstance instance : directory.instances(WORKERS)) {
        byId.put(
            instance.id(),
            known.computeIfAbsent(
                instance,
                each ->
                    clients
                        .client(ShardWorkerApi.class, ErrorCode.WORKER_UNAVAILABLE)
                        .readTimeout(READ_TIMEOUT)
                        .directlyWhereLocal()
                        .at(each.uri())));
      }
      return byId;
    });
  }

  @Bean(destroyMethod = "")
  Runs runs(
      JobRepository repository,
      JobOperator operator,
      DataSource source,
      Workers workers,
      PageRankProperties properties,
      MeterRegistry registry) {
    return new Runs(
        new RankBatch(repository, operator),
        new RunStore(JdbcClient.create(source)),
        workers,
        properties,
        InstantSource.system(),
        new RunMetrics(registry));
  }

  @Bean(destroyMethod = "")
  Schedule schedule(Runs runs, Workers workers, PageRankProperties properties) {
    return new Schedule(runs, workers, properties, InstantSource.system());
  }

  /** What was left is taken up once everything is there, and stops before anything it uses. */
  @Bean
  SmartLifecycle runLifecycle(Runs runs, Schedule schedule) {
    return new SmartLifecycle() {
      private volatile boolean running;

      @Override
      public void start() {
        runs.resume();
        schedule.start();
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        schedule.close();
        runs.close();
      }

      @Override
      public boolean isRunning() {
        return running;
      }
    };
  }
}
