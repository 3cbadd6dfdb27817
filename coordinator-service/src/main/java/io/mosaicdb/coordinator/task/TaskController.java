package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.task.TaskBody;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TaskController {
  private final Tasks tasks;

  TaskController(Tasks tasks) {
    this.tasks = tasks;
  }

  @GetMapping("/v1/tasks/{id}")
  TaskBody task(@PathVariable String id) {
    return tasks.require(id);
  }
}
