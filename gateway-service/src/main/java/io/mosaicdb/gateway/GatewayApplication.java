package io.mosaicdb.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the gateway. */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayApplication {
  /** The application as the standalone product starts it, too. */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(GatewayApplication.class)
        .properties("spring.config.name=gateway-service");
  }

  public static void main(String[] arguments) {
    app().run(arguments);
  }
}
