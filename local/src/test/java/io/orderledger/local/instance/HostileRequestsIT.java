package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Requests that nobody should send, by generators: whatever comes, no answer is a failure of ours or echoes what was sent, the log cannot be
 * forged, and what was answered 200 is recorded once, and nothing else is. The seed is fixed, so that the build tries the same each time;
 * {@code -Djqwik.seeds.whenfixed=WARN} says how to try others.
 */
class HostileRequestsIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final Pattern INTERNALS = Pattern.compile(
            "Exception|\\bat [a-z]+\\.[a-z]+\\.|\\.java:|jooq|postgres|velocity|helidon|jackson|SQLSTATE|select ");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static final Map<String, Integer> STATUSES = new TreeMap<>();

    private static final PrintStream ERROR_BEFORE = System.err;

    @SuppressWarnings("NullAway.Init") // set before the first property
    private static TestInstance instance;

    @BeforeContainer
    static void start() {
        System.setErr(new PrintStream(LOG, true, StandardCharsets.UTF_8));
        instance = TestInstance.start();
    }

    @AfterContainer
    static void stop() throws IOException {
        instance.close();
        System.setErr(ERROR_BEFORE);
        HostileReport.write("requests", "method and answer", STATUSES);
    }

    @Property(tries = 50, seed = "20261125", shrinking = ShrinkingMode.OFF)
    void whatever_is_sent_is_refused_or_recorded_once_and_shows_nothing(
            @ForAll("requests") List<HostileRequest> requests) {
        List<String> accepted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (HostileRequest request : requests) {
            RawHttp answer = send(request);
            STATUSES.merge(request.method() + " " + answer.status(), 1, Integer::sum);
            demandSafe(request, answer);
            boolean isWrite =
                    request.method().equals("POST") || request.method().equals("PUT");
            if (isWrite && answer.status() == 200) {
                accepted.add(json(answer.body()).path("eventId").asText());
            } else if (isWrite && !request.key().isEmpty()) {
                refused.add(request.key());
            }
        }
        await().atMost(SETTLED_WITHIN)
                .until(() -> json(instance.get("/health")).path("inFlight").asInt() == 0);
        accepted.forEach(
                id -> assertThat(recorded(id)).as(id + " was answered 200").isEqualTo(1));
        refused.stream()
                .filter(key -> key.length() == 36)
                .forEach(key ->
                        assertThat(recorded(key)).as(key + " was refused").isZero());
        // Nothing came to the bus that the schema forbids, or it would be here.
        assertThat(instance.query("select detail from ledger.refused")).isEmpty();
        assertThat(json(instance.get("/health")).path("deadLetters"))
                .allSatisfy(waiting -> assertThat(waiting.asInt()).isZero());
        assertThat(LOG.toString(StandardCharsets.UTF_8)).doesNotContain(HostileRequest.MARK);
    }

    @Provide
    Arbitrary<List<HostileRequest>> requests() {
        return HostileRequest.any().list().ofSize(16);
    }

    private static void demandSafe(HostileRequest request, RawHttp answer) {
        String what = request + " was answered " + answer;
        assertThat(answer.status()).as(what).isBetween(200, 499);
        assertThat(answer.head().lines())
                .as(what)
                // Callers may name their request, as they may for API Gateway.
                .filteredOn(line -> !line.toLowerCase(Locale.ROOT).startsWith("x-amzn-requestid: "))
                .noneMatch(line -> line.contains(HostileRequest.MARK) || line.startsWith("Set-Cookie"));
        if (answer.body().isEmpty()) {
            return;
        }
        assertThat(answer.head().toLowerCase(Locale.ROOT))
                .as(what)
                .containsPattern("content-type: application/(problem\\+)?json");
        if (answer.status() >= 400) {
            assertThat(answer.body()).as(what).doesNotContain("<").doesNotContainPattern(INTERNALS);
        }
        JsonNode body = strict(answer.body(), what);
        assertThat(body.isContainerNode()).as(what).isTrue();
    }

    private static JsonNode strict(String text, String what) {
        try {
            return STRICT.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(what, e);
        }
    }

    private static int recorded(String eventId) {
        return instance.query("select version from ledger.event where event_id::text = lower('"
                        + eventId.replace("'", "''") + "')")
                .size();
    }

    private static RawHttp send(HostileRequest request) {
        URI api = instance.run().instance().api();
        String headers = IntStream.range(0, request.headers().size() / 2)
                .mapToObj(i ->
                        request.headers().get(2 * i) + ": " + request.headers().get(2 * i + 1) + "\r\n")
                .collect(Collectors.joining());
        String head = request.method() + " " + request.target() + " HTTP/1.1\r\nHost: " + api.getAuthority() + "\r\n"
                + headers + "Content-Length: " + request.body().length + "\r\n\r\n";
        return RawHttp.send(api, head, request.body());
    }
}
