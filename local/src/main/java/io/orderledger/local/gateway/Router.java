package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Route;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a request: a path without variables before one with, a named method before ANY. Thread-safe. */
final class Router {

    /**
     * A route for a request.
     *
     * @param parameters the path's variables with their values as sent, not decoded
     */
    record Match(Route route, Map<String, String> parameters) {}

    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    Optional<Match> match(String method, String path) {
        return routes.stream()
                .filter(route -> route.method().equals(method) || route.method().equals(Route.ANY))
                .flatMap(route -> match(route, path).stream())
                .min(Comparator.comparingInt((Match match) -> match.parameters().size())
                        .thenComparing(match -> match.route().method().equals(Route.ANY)));
    }

    private static Optional<Match> match(Route route, String path) {
        String[] pattern = segments(route.path());
        String[] actual = segments(path);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (i >= actual.length) {
                return Optional.empty();
            }
            if (pattern[i].endsWith("+}")) {
                String rest = String.join("/", Arrays.copyOfRange(actual, i, actual.length));
                parameters.put(pattern[i].substring(1, pattern[i].length() - 2), rest);
                return rest.isEmpty() ? Optional.empty() : Optional.of(new Match(route, parameters));
            }
            if (pattern[i].startsWith("{")) {
                if (actual[i].isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(pattern[i].substring(1, pattern[i].length() - 1), actual[i]);
            } else if (!pattern[i].equals(actual[i])) {
                return Optional.empty();
            }
        }
        return pattern.length == actual.length ? Optional.of(new Match(route, parameters)) : Optional.empty();
    }

    private static String[] segments(String path) {
        return path.substring(1).split("/", -1);
    }
}
