package io.orderledger.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.Location;
import io.orderledger.local.definitions.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which route serves a request, and how many requests it serves. */
class RoutesTest {

    @Test
    void a_path_that_is_named_wins_over_one_with_a_variable() {
        Router router = new Router(List.of(route("GET", "/orders/{id}"), route("GET", "/orders/new")));

        assertThat(path(router, "GET", "/orders/new")).contains("/orders/new");
        assertThat(path(router, "GET", "/orders/old")).contains("/orders/{id}");
    }

    @Test
    void a_method_that_is_named_wins_over_any() {
        Router router = new Router(List.of(route(Route.ANY, "/orders"), route("GET", "/orders")));

        assertThat(router.match("GET", "/orders").map(match -> match.route().method()))
                .contains("GET");
        assertThat(router.match("PUT", "/orders").map(match -> match.route().method()))
                .contains(Route.ANY);
    }

    @Test
    void a_greedy_variable_takes_the_rest_of_the_path() {
        Router router = new Router(List.of(route("GET", "/files/{path+}")));

        assertThat(router.match("GET", "/files/a/b%20c").map(Router.Match::parameters))
                .contains(Map.of("path", "a/b%20c"));
        assertThat(router.match("GET", "/files/")).isEmpty();
        assertThat(router.match("GET", "/files")).isEmpty();
    }

    @Test
    void a_variable_is_never_empty_and_never_more_than_one_segment() {
        Router router = new Router(List.of(route("GET", "/orders/{id}/history")));

        assertThat(router.match("GET", "/orders//history")).isEmpty();
        assertThat(router.match("GET", "/orders/a/b/history")).isEmpty();
        assertThat(router.match("GET", "/orders/a/history/")).isEmpty();
    }

    @Test
    void a_throttle_admits_its_burst_and_then_its_rate() {
        Route route = route("GET", "/orders");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Throttles throttles = new Throttles(List.of(route), now::get);

        assertThat(admitted(throttles, route, 10)).isEqualTo(3);
        now.set(Instant.EPOCH.plus(Duration.ofMillis(1500)));
        assertThat(admitted(throttles, route, 10)).isEqualTo(1);
        now.set(Instant.EPOCH.plus(Duration.ofHours(1)));
        assertThat(admitted(throttles, route, 10)).isEqualTo(3);
    }

    private static int admitted(Throttles throttles, Route route, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += throttles.admits(route) ? 1 : 0;
        }
        return admitted;
    }

    private static Optional<String> path(Router router, String method, String path) {
        return router.match(method, path).map(match -> match.route().path());
    }

    private static Route route(String method, String path) {
        Location location = new Location("sam/api.yaml", 1);
        return new Route(
                location,
                method,
                path,
                Route.Validation.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                Optional.of(new Route.Throttle(1, 3)),
                new Integration.FunctionCall(location, "arn", Integration.LONGEST_TIMEOUT));
    }
}
