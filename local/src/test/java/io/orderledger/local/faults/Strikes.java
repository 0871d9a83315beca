package io.orderledger.local.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The faults of one kind: how often, what was in flight, how long until it was over. Not thread-safe. */
final class Strikes {
    private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(2);
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ORDER = """
            {"customer":{"id":"probe"},"currency":"GBP","items":[{"sku":"m","quantity":1,"unitPrice":1}]}""";

    private final String fault;
    private final List<Integer> inFlight = new ArrayList<>();
    private final List<Long> recoveryMillis = new ArrayList<>();
    private long begin;

    Strikes(String fault) {
        this.fault = fault;
    }

    /** What goes wrong. */
    @FunctionalInterface
    interface Fault {
        void strike() throws Exception;
    }

    /** Lets it happen in the middle of load. */
    void strike(Clients clients, Path data, Fault how) throws Exception {
        inFlight.add(clients.underWay()
                + Books.health(Instance.on(data).api()).path("inFlight").asInt());
        begin = System.nanoTime();
        how.strike();
    }

    /** The same, where nothing was in flight because nothing had started yet. */
    void strike(Fault how) throws Exception {
        inFlight.add(0);
        begin = System.nanoTime();
        how.strike();
    }

    /** Waits until a new order is accepted and soon in the list again; the clients know of it. */
    void awaitRecovery(Clients clients, Path data) {
        await().atMost(RECOVERED_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> isWell(clients, data));
        recoveryMillis.add((System.nanoTime() - begin) / 1_000_000);
    }

    /** An order that came too early may have become a dead letter, which a replay brings back later: it is no sign of anything. */
    private static boolean isWell(Clients clients, Path data) throws IOException {
        UUID key = UUID.randomUUID();
        clients.open().add(key);
        try (ApiClient api = new ApiClient(Instance.on(data).api())) {
            if (!api.send("POST", "/orders", key, JSON.readTree(ORDER)).isOk()) {
                return false;
            }
            clients.accepted().add(key);
            await().atMost(LISTED_WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> api.get("/orders/" + key).isOk());
            return true;
        }
    }

    /** Writes the row of the table. */
    void report(Books.Outcome outcome) {
        List<Long> rising = recoveryMillis.stream().sorted().toList();
        try {
            FaultTable.row(
                    fault,
                    inFlight.size(),
                    inFlight.stream().mapToInt(Integer::intValue).average().orElse(0),
                    inFlight.stream().mapToInt(Integer::intValue).max().orElse(0),
                    outcome,
                    rising);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
