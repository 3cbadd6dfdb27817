package io.mosaicdb.starter.client;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.request.RequestId;
import io.mosaicdb.starter.secret.InternalSecret;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.classic.HttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes clients of contract interfaces ({@code @HttpExchange}). All share one connection pool; a
 * client is cheap, immutable and safe for use by many threads, so make it once per address and keep
 * it.
 */
public final class ServiceClients {
  private final HttpClient http;
  private final Duration defaultReadTimeout;
  private final JsonMapper lenient;
  private final @Nullable String secret;
  private final ServiceDirectory directory;
  private final LocalServices local;

  ServiceClients(
      HttpClient http,
      Duration defaultReadTimeout,
      JsonMapper lenient,
      @Nullable String secret,
      ServiceDirectory directory,
      LocalServices local) {
    this.http = http;
    this.defaultReadTimeout = defaultReadTimeout;
    this.lenient = lenient;
    this.secret = secret;
    this.directory = directory;
    this.local = local;
  }

  /**
   * Begins a client of the interface.
   *
   * @param unavailable the code of the failure when the callee cannot be reached
   */
  public <T> Builder<T> client(Class<T> api, ErrorCode unavailable) {
    return new Builder<>(api, unavailable);
  }

  /** Choices for one client. */
  public final class Builder<T> {
    private final Class<T> api;
    private final ErrorCode unavailable;
    private Duration readTimeout = defaultReadTimeout;
    private boolean direct;

    private Builder(Class<T> api, ErrorCode unavailable) {
      this.api = api;
      this.unavailable = unavailable;
    }

    /** How long the answer may take to begin, and each further part of it to arrive. */
    public Builder<T> readTimeout(Duration timeout) {
      this.readTimeout = timeout;
      return this;
    }

    /**
     * Calls a service that runs in this very process as an object: no connection, no JSON, and no
     * read time-out, so the contract's calls must end by themselves. Others are called as ever.
     */
    public Builder<T> directlyWhereLocal() {
      this.direct = true;
      return this;
    }

    /** A client of exactly this address. */
    public T at(URI baseUrl) {
      if (direct) {
        var service = local.find(api, baseUrl);
        if (service.isPresent()) {
          return DirectCalls.of(api, service.get());
        }
      }
      return overHttp(baseUrl);
    }

    private T overHttp(URI baseUrl) {
      var rest =
          RestClient.builder()
              .baseUrl(baseUrl)
              .requestFactory(requestFactory(readTimeout))
              .requestInitializer(request -> {
                request.getHeaders().set(RequestId.HEADER, RequestId.currentOrNew());
                if (secret != null) {
                  request.getHeaders().set(InternalSecret.HEADER, secret);
                }
              })
              .defaultStatusHandler(new ProblemAnswers(lenient, unavailable, baseUrl))
              .configureMessageConverters(converters ->
                  converters
                      .registerDefaults()
                      .withJsonConverter(new JacksonJsonHttpMessageConverter(lenient)))
              .build();
      var adapter =
          new FailuresWithCodes(
              RestClientAdapter.create(rest), unavailable, baseUrl.getAuthority(), readTimeout);
      return HttpServiceProxyFactory.builderFor(adapter).build().createClient(api);
    }

    /**
     * A client of whichever instance of the service comes next. An instance to which no connection
     * can be made is passed over.
     */
    public T balanced(String service) {
      return RotatingInstances.client(api, service, directory, this::at, unavailable);
    }
  }

  /**
   * The web application at this address, for handing on a request within the process; empty where
   * it is another process, or calls within one go over HTTP.
   */
  public Optional<ServletContext> localWeb(URI baseUrl) {
    return local.web(baseUrl);
  }

  /** For calls that are no interface, such as streams: the shared pool with a read time-out. */
  public ClientHttpRequestFactory requestFactory(Duration readTimeout) {
    var factory = new HttpComponentsClientHttpRequestFactory(http);
    factory.setReadTimeout(readTimeout);
    return factory;
  }
}
