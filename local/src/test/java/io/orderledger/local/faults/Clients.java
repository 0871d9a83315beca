package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients who place orders one after the other, cancel some of them, and send again, under the same key, whatever was not answered 200: as long as
 * they live. They keep their own record of what they were told. Thread-safe.
 */
final class Clients implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(31);
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final Duration PAUSE_AFTER_A_REFUSAL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CANCELLED_ONE_IN = 5;
    private static final int OK = 200;
    private static final int NO_ANSWER = 0;
    private static final Set<Integer> EXPECTED = Set.of(NO_ANSWER, OK, 429, 503, 504);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    private final Set<UUID> recordedAtOnce = ConcurrentHashMap.newKeySet();
    private final Set<UUID> open = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile URI api;
    private volatile boolean over;

    private Clients(URI api) {
        this.api = api;
    }

    /** Begins. */
    static Clients begin(int count, URI api) {
        Clients clients = new Clients(api);
        for (int i = 0; i < count; i++) {
            clients.threads.execute(clients::live);
        }
        return clients;
    }

    /** Where requests go from now on: a local run may have another port after a restart. */
    void pointTo(URI address) {
        api = address;
    }

    private void live() {
        try {
            for (int number = 1; !over; number++) {
                UUID order = UUID.randomUUID();
                boolean placed = persist(order, "POST", "/orders", """
            {"customer":{"id":"c-%d","name":"Lee O'Brien"},"currency":"GBP",
             "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950}]}""".formatted(number % 7));
                if (placed && number % CANCELLED_ONE_IN == 0) {
                    persist(UUID.randomUUID(), "PUT", "/orders/" + order + "/cancellation", "{}");
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends until it is accepted; false if the clients' time is over first. */
    private boolean persist(UUID key, String method, String path, String body) throws InterruptedException {
        open.add(key);
        while (!over) {
            int status = send(key, method, path, body);
            answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
            if (status == OK) {
                return true;
            }
            Thread.sleep(PAUSE_AFTER_A_REFUSAL);
        }
        return false;
    }

    private int send(UUID key, String method, String path, String body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key.toString())
                .method(method, BodyPublishers.ofString(body))
                .build();
        underWay.incrementAndGet();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() == OK) {
                JsonNode answer = JSON.readTree(response.body());
                accepted.add(key);
                open.remove(key);
                if (answer.path("state").asText().equals("RECORDED")) {
                    recordedAtOnce.add(key);
                }
            }
            return response.statusCode();
        } catch (IOException _) {
            return NO_ANSWER;
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** What was answered 200, by event ID. */
    Set<UUID> accepted() {
        return accepted;
    }

    /** What was sent and never answered 200: it may be in the ledger, once. */
    Set<UUID> open() {
        return open;
    }

    /** Cancellations that were answered as recorded. */
    Set<UUID> recordedAtOnce() {
        return recordedAtOnce;
    }

    /** Requests that wait for their answers now. */
    int underWay() {
        return underWay.get();
    }

    /** Waits until so many more were accepted. */
    void awaitAccepted(int more) {
        int goal = accepted.size() + more;
        await().atMost(PATIENCE).until(() -> accepted.size() >= goal);
    }

    /** Sends no more; returns when the last answers have come. */
    @Override
    public void close() {
        over = true;
        threads.close();
        http.close();
        Map<Integer, Long> seen = new TreeMap<>();
        answers.forEach((status, count) -> seen.put(status, count.sum()));
        assertThat(seen.keySet()).as("answers by status: %s", seen).isSubsetOf(EXPECTED);
    }
}
