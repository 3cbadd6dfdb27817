package io.mosaicdb.starter.json;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.json.JsonMapper;

/** Replaces Boot's mapper builder by the strict one; a service's own customizers still apply. */
@AutoConfiguration(before = JacksonAutoConfiguration.class)
@EnableConfigurationProperties(JsonProperties.class)
class JsonAutoConfiguration {
  @Bean
  @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
  @ConditionalOnMissingBean
  JsonMapper.Builder jsonMapperBuilder(
      JsonProperties properties, ObjectProvider<JsonMapperBuilderCustomizer> customizers) {
    var limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(properties.maxDepth())
            .maxStringLength((int) properties.maxStringSize().toBytes())
            .maxDocumentLength(properties.maxDocumentSize().toBytes())
            .build();
    var builder = StrictJson.builder(limits);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder;
  }
}
