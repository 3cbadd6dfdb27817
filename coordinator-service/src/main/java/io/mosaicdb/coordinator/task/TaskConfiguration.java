package io.mosaicdb.coordinator.task;

import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.task.TaskSourceApi;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class TaskConfiguration {
  private static final String PAGERANK = "pagerank-service";
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  @Bean
  Tasks tasks(
      TaskProperties limits,
      ObjectProvider<TaskKind> kinds,
      JsonMapper mapper,
      MeterRegistry registry) {
    return new Tasks(
        limits,
        () -> kinds.stream().toList(),
        mapper,
        new TaskMetrics(registry),
        Clock.systemUTC());
  }

  @Bean
  OtherTasks otherTasks(ServiceDirectory directory, ServiceClients clients) {
    return new OtherTasks(
        PAGERANK,
        "pagerank",
        () -> !directory.instances(PAGERANK).isEmpty(),
        clients
            .client(TaskSourceApi.class, ErrorCode.SERVICE_UNAVAILABLE)
            .readTimeout(LONGEST_LOOK)
            .directlyWhereLocal()
            .balanced(PAGERANK));
  }

  @Bean
  TaskHealth taskHealth(Tasks tasks) {
    return new TaskHealth(tasks);
  }

  /**
   * What was left is taken up before the web server accepts new tasks, and tasks stop after it and
   * before anything that they use.
   */
  @Bean
  SmartLifecycle taskLifecycle(Tasks tasks) {
    return new SmartLifecycle() {
      private volatile boolean running;

      @Override
      public void start() {
        tasks.resume();
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        tasks.drain();
      }

      @Override
      public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
      }

      @Override
      public boolean isRunning() {
        return running;
      }
    };
  }
}
