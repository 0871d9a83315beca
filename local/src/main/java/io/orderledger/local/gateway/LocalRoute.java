package io.orderledger.local.gateway;

import java.util.function.Supplier;

/**
 * A route that the API does not have and the local run adds, for example {@code GET /health}. It takes precedence over the
 * API's routes.
 *
 * @param path compared as a whole
 * @param handler must be thread-safe
 */
public record LocalRoute(String method, String path, Supplier<Answer> handler) {

    /** What such a route answers. */
    public record Answer(int status, String contentType, String body) {}
}
