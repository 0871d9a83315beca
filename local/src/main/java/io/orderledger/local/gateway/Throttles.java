package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.Route.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The throttling settings of the routes, a token bucket each. Thread-safe. */
final class Throttles {

    private final Map<Route, Bucket> buckets;

    Throttles(List<Route> routes, InstantSource clock) {
        this.buckets = routes.stream()
                .filter(route -> route.throttle().isPresent())
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        route -> new Bucket(route.throttle().orElseThrow(), clock)));
    }

    /** Whether the route may serve one more request now. */
    boolean admits(Route route) {
        Bucket bucket = buckets.get(route);
        return bucket == null || bucket.take();
    }

    private static final class Bucket {

        private static final double NANOSECONDS = Duration.ofSeconds(1).toNanos();

        private final Throttle throttle;
        private final InstantSource clock;
        private double tokens;
        private Instant filledAt;

        Bucket(Throttle throttle, InstantSource clock) {
            this.throttle = throttle;
            this.clock = clock;
            this.tokens = throttle.burst();
            this.filledAt = clock.instant();
        }

        synchronized boolean take() {
            Instant now = clock.instant();
            double seconds = Math.max(0, Duration.between(filledAt, now).toNanos() / NANOSECONDS);
            tokens = Math.min(throttle.burst(), tokens + seconds * throttle.ratePerSecond());
            filledAt = now;
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }
}
