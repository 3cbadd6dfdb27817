package io.mosaicdb.coordinator.naming;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.AliasBody;
import io.mosaicdb.contract.namespace.AliasList;
import io.mosaicdb.contract.namespace.AliasRequest;
import io.mosaicdb.model.NamespaceName;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/aliases")
class AliasesController {
  private final AliasTable aliases;

  AliasesController(AliasTable aliases) {
    this.aliases = aliases;
  }

  @PutMapping("/{alias}")
  ResponseEntity<AliasBody> put(@PathVariable String alias, @RequestBody AliasRequest request) {
    if (request.namespace() == null) {
      throw MosaicException.invalidValue("/namespace", "must name the namespace");
    }
    var answer = aliases.put(name("alias", alias), name("/namespace", request.namespace()));
    return ResponseEntity.status(answer.previous() == null ? HttpStatus.CREATED : HttpStatus.OK)
        .body(answer);
  }

  @GetMapping
  AliasList list() {
    return aliases.list();
  }

  @GetMapping("/{alias}")
  AliasBody find(@PathVariable String alias) {
    return aliases.load(name("alias", alias));
  }

  @DeleteMapping("/{alias}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String alias) {
    aliases.delete(name("alias", alias));
  }

  private static NamespaceName name(String at, String name) {
    try {
      return new NamespaceName(name);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
    }
  }
}
