package io.orderledger.handlers.announce;

import io.orderledger.handlers.AwsCredentials;
import io.orderledger.handlers.NetworkTimeout;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClientBuilder;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** The bus that events are announced on. Thread-safe. */
final class OrderBus {
    /** How often entries are sent that EventBridge does not take, the first time included. */
    static final int MAX_TRIES = 5;

    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);

    /** With the SDK's own tries. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    /** The same again may be taken later; any other code is about the entry or about who sends it. */
    private static final Set<String> PASSING = Set.of("InternalFailure", "InternalException", "ThrottlingException");

    private final EventBridgeClient client;
    private final String name;
    private final Duration firstWait;

    OrderBus(EventBridgeClient client, String name, Duration firstWait) {
        this.client = client;
        this.name = name;
        this.firstWait = firstWait;
    }

    /**
     * @param environment how to reach EventBridge, and ORDER_BUS_NAME
     * @throws IllegalStateException if it does not name the bus
     */
    static OrderBus from(Map<String, String> environment) {
        Optional<Duration> timeout = NetworkTimeout.from(environment);
        EventBridgeClientBuilder builder = EventBridgeClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(timeout.orElse(CONNECTION_TIMEOUT))
                        .socketTimeout(timeout.orElse(SOCKET_TIMEOUT)))
                .overrideConfiguration(configuration -> configuration.apiCallTimeout(timeout.orElse(CALL_TIMEOUT)))
                .credentialsProvider(AwsCredentials.from(environment));
        setting(environment, "AWS_REGION").map(Region::of).ifPresent(builder::region);
        setting(environment, "AWS_ENDPOINT_URL_EVENTBRIDGE").map(URI::create).ifPresent(builder::endpointOverride);
        String name = setting(environment, "ORDER_BUS_NAME")
                .orElseThrow(() -> new IllegalStateException("Environment variable ORDER_BUS_NAME is required"));
        return new OrderBus(builder.build(), name, FIRST_WAIT);
    }

    /**
     * Puts one call's events on the bus, those again that EventBridge did not take. All are on it when this returns.
     *
     * @throws NotAnnounced if EventBridge does not take one of them; it may have taken those behind it
     * @throws software.amazon.awssdk.core.exception.SdkException if the call as a whole failed; it is not known what EventBridge took
     */
    void put(List<Announcement> call) {
        List<Announcement> missing = call;
        Duration wait = firstWait;
        for (int tries = 1; ; tries++) {
            List<PutEventsResultEntry> results = send(missing);
            List<Announcement> failed = new ArrayList<>();
            boolean passing = true;
            for (int i = 0; i < missing.size(); i++) {
                if (results.get(i).errorCode() != null) {
                    failed.add(missing.get(i));
                    passing &= PASSING.contains(results.get(i).errorCode());
                }
            }
            if (failed.isEmpty()) {
                return;
            }
            if (!passing || tries == MAX_TRIES) {
                Announcement first = failed.getFirst();
                String code = results.get(missing.indexOf(first)).errorCode();
                throw new NotAnnounced(first.event().eventId(), code, call.indexOf(first));
            }
            missing = failed;
            pause(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private List<PutEventsResultEntry> send(List<Announcement> announcements) {
        List<PutEventsRequestEntry> entries = announcements.stream()
                .map(announcement -> announcement.entry(name))
                .toList();
        List<PutEventsResultEntry> results =
                client.putEvents(request -> request.entries(entries)).entries();
        if (results.size() != entries.size()) {
            throw new IllegalStateException(
                    "PutEvents answered " + results.size() + " results for " + entries.size() + " entries");
        }
        return results;
    }

    /** Some of the wait, so that those who were throttled together do not come back together. */
    private static void pause(Duration wait) {
        try {
            Thread.sleep(
                    Duration.ofMillis(ThreadLocalRandom.current().nextLong(wait.toMillis() / 2, wait.toMillis() + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for EventBridge", e);
        }
    }

    private static Optional<String> setting(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }
}
