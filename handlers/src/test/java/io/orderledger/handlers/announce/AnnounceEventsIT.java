package io.orderledger.handlers.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.metrics.WrittenMetrics;
import io.orderledger.ledger.Erasure;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

/** What the function puts on the bus, in which order, and what becomes of it when something fails. */
class AnnounceEventsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private FunctionDatabase database;
    private BusServer bus;
    private WrittenMetrics written;
    private CreateOrder create;
    private CancelOrder cancel;

    @BeforeEach
    void open() {
        database = new FunctionDatabase();
        bus = new BusServer();
        written = new WrittenMetrics();
        create = new CreateOrder(database.environment("ledger_recorder"));
        cancel = new CancelOrder(database.environment("ledger_recorder"));
    }

    @AfterEach
    void close() {
        bus.close();
        database.close();
    }

    @Test
    void announces_each_event_once_and_as_it_is_recorded() {
        UUID orderId = place();
        cancel(orderId);

        assertThat(run()).isEqualTo("{\"announced\":2,\"complete\":true,\"held\":false}");
        assertThat(run()).isEqualTo("{\"announced\":0,\"complete\":true,\"held\":false}");

        List<RecordedEvent> history = database.history(orderId);
        assertThat(bus.taken()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            RecordedEvent event = history.get(i);
            JsonNode announced = bus.taken().get(i);
            assertThat(announced.get("eventId").textValue())
                    .isEqualTo(event.eventId().toString());
            assertThat(announced.get("orderId").textValue()).isEqualTo(orderId.toString());
            assertThat(announced.get("type").textValue()).isEqualTo(event.type());
            assertThat(announced.get("schemaVersion").intValue()).isEqualTo(event.schemaVersion());
            assertThat(announced.get("version").intValue()).isEqualTo(i + 1);
            assertThat(announced.get("position").longValue()).isEqualTo(event.position());
            assertThat(announced.get("block").longValue())
                    .isEqualTo(event.block().orElseThrow());
            assertThat(Instant.parse(announced.get("occurredAt").textValue())).isEqualTo(event.occurredAt());
            assertThat(Instant.parse(announced.get("recordedAt").textValue())).isEqualTo(event.recordedAt());
            assertThat(announced.get("payload")).isEqualTo(event.payload());
            assertThat(announced.size()).isEqualTo(10);
        }
    }

    @Test
    void nothing_personal_is_announced_before_or_after_it_is_erased_and_the_erasure_is() {
        UUID orderId = place();
        cancel(orderId, "{\"reason\":\"Lee moved to 7 Low Road\"}");
        run();
        new Erasure(database.server().as("ledger_eraser"), DEADLINE).erase("lee", _ -> {});
        cancel(orderId, "{\"reason\":\"Lee moved to 7 Low Road\"}");

        run();

        assertThat(types(bus.taken()))
                .containsExactly("OrderPlaced", "OrderCancelled", "PersonalDataErased", "OrderCancelled");
        assertThat(bus.taken().toString())
                .contains("\"id\":\"lee\"")
                .doesNotContain("O'Brien", "7946", "example.com", "High Street", "Leeds", "ring twice", "Low Road")
                .doesNotContain("user/shop", "JJbxmplHYosFVYQ");
    }

    @Test
    void a_run_that_dies_after_a_call_and_before_its_note_only_makes_duplicates() {
        List<UUID> orders = List.of(place(), place());
        orders.forEach(this::cancel);
        // The database takes no note of what was sent, as if the run had died on the way to it.
        database.execute("revoke execute on function ledger.advance_publication from ledger_publisher");
        assertThatExceptionOfType(LedgerFault.class).isThrownBy(this::run);
        assertThat(bus.taken()).hasSize(2);
        place();

        database.execute("grant execute on function ledger.advance_publication to ledger_publisher");
        assertThat(run()).isEqualTo("{\"announced\":5,\"complete\":true,\"held\":false}");

        assertThat(bus.taken()).hasSize(2 + 5);
        assertEachEventCameFirstInItsOrder();
    }

    @Test
    void a_call_that_was_taken_and_not_answered_only_makes_duplicates() {
        UUID orderId = place();
        bus.silent(true);
        assertThatExceptionOfType(SdkException.class).isThrownBy(this::run);
        cancel(orderId);

        bus.silent(false);
        run();

        assertThat(bus.taken()).hasSizeGreaterThan(2);
        assertEachEventCameFirstInItsOrder();
    }

    @Test
    void what_the_bus_does_not_take_for_a_while_is_sent_again_alone_and_nothing_overtakes_it() {
        UUID slow = place();
        UUID quick = place();
        cancel(slow);
        AtomicInteger refused = new AtomicInteger();
        bus.refuse(detail -> isOf(detail, slow) && refused.incrementAndGet() <= 3
                ? Optional.of(refused.get() % 2 == 0 ? "InternalFailure" : "ThrottlingException")
                : Optional.empty());

        assertThat(run()).isEqualTo("{\"announced\":3,\"complete\":true,\"held\":false}");

        assertThat(refused).hasValue(3 + 2);
        assertThat(bus.calls()).containsExactly(2, 1, 1, 1, 1);
        assertThat(bus.taken().getFirst().get("orderId").textValue()).isEqualTo(quick.toString());
        assertThat(bus.taken()).hasSize(3);
        assertEachEventCameFirstInItsOrder();
    }

    @Test
    void what_the_bus_never_takes_stops_the_run_and_is_not_skipped() {
        UUID first = place();
        UUID stuck = place();
        UUID third = place();
        cancel(stuck);
        bus.refuse(detail -> isOf(detail, stuck) ? Optional.of("AccessDeniedException") : Optional.empty());

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(NotAnnounced.class).isThrownBy(this::run).satisfies(failure -> {
                assertThat(failure.eventId())
                        .isEqualTo(database.history(stuck).getFirst().eventId());
                assertThat(failure.errorCode()).isEqualTo("AccessDeniedException");
            });
        }
        assertThat(orders(bus.taken())).containsExactly(first.toString(), third.toString(), third.toString());

        bus.refuse(_ -> Optional.empty());
        assertThat(run()).isEqualTo("{\"announced\":3,\"complete\":true,\"held\":false}");
        assertEachEventCameFirstInItsOrder();
    }

    @Test
    void throttling_without_end_ends_the_run_after_some_tries() {
        place();
        bus.refuse(_ -> Optional.of("ThrottlingException"));

        assertThatExceptionOfType(NotAnnounced.class).isThrownBy(this::run);

        assertThat(bus.calls()).hasSize(OrderBus.MAX_TRIES);
        assertThat(bus.taken()).isEmpty();
    }

    @Test
    void a_second_run_leaves_the_first_one_alone() throws Exception {
        UUID orderId = place();
        cancel(orderId);
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bus.beforeTaking(_ -> {
            sending.countDown();
            await(goOn);
        });
        CompletableFuture<String> first = CompletableFuture.supplyAsync(this::run);
        await(sending);

        assertThat(run()).isEqualTo("{\"announced\":0,\"complete\":false,\"held\":true}");

        goOn.countDown();
        assertThat(first.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("{\"announced\":2,\"complete\":true,\"held\":false}");
        assertThat(bus.taken()).hasSize(2);
    }

    @Test
    void a_run_that_was_taken_for_dead_sends_nothing_in_the_wrong_order() throws Exception {
        UUID orderId = place();
        cancel(orderId);
        cancel(orderId);
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        bus.beforeTaking(_ -> {
            if (calls.incrementAndGet() == 2) {
                sending.countDown();
                await(goOn);
            }
        });
        // It has sent the first event, and hangs on its way to the bus with the second.
        CompletableFuture<String> first = CompletableFuture.supplyAsync(this::run);
        await(sending);
        database.execute("update ledger.publication set held_until = clock_timestamp() - interval '1 second'");

        assertThat(run()).isEqualTo("{\"announced\":2,\"complete\":true,\"held\":false}");
        cancel(orderId);

        goOn.countDown();
        assertThat(first.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("{\"announced\":1,\"complete\":false,\"held\":true}");
        assertThat(versions(bus.taken())).containsExactly(1, 2, 3, 2);
        run();
        assertEachEventCameFirstInItsOrder();
    }

    @Test
    void a_payload_that_no_bus_takes_is_announced_without_it() {
        UUID orderId = UUID.randomUUID();
        Ledger ledger = new Ledger(database.server().as("ledger_recorder"));
        ledger.append(
                new NewEvent(
                        UUID.randomUUID(),
                        orderId,
                        "OrderPlaced",
                        (short) 2,
                        Messages.JSON.createObjectNode().put("large", "x".repeat(600_000)),
                        Optional.empty(),
                        Messages.JSON.createObjectNode(),
                        Instant.now()),
                new ExpectedVersion.Any());
        ledger.seal();
        place();

        assertThat(run()).isEqualTo("{\"announced\":2,\"complete\":true,\"held\":false}");

        JsonNode large = bus.taken().getFirst();
        assertThat(large.has("payload")).isFalse();
        assertThat(large.at("/payloadOmitted/path").textValue()).isEqualTo("/orders/" + orderId + "/history");
        assertThat(large.at("/payloadOmitted/sizeBytes").intValue()).isGreaterThan(600_000);
        assertThat(bus.taken().getLast().has("payload")).isTrue();
    }

    @Test
    void many_events_go_out_in_full_calls() {
        for (int i = 0; i < 25; i++) {
            place();
        }

        run();

        assertThat(bus.calls()).containsExactly(10, 10, 5);
    }

    @Test
    void a_run_ends_in_time_and_the_next_goes_on() {
        UUID orderId = place();
        cancel(orderId);

        // Less than what is kept for a call: nothing is begun.
        String cut = Invocation.of(function(Map.of()), "{}".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(14));

        assertThat(cut).isEqualTo("{\"announced\":0,\"complete\":false,\"held\":false}");
        assertThat(run()).isEqualTo("{\"announced\":2,\"complete\":true,\"held\":false}");
    }

    @Test
    void may_begin_with_what_is_recorded_from_now_on() {
        place();
        assertThat(run(Map.of("ANNOUNCE_FROM", "HEAD"))).contains("\"announced\":0");
        UUID later = place();

        assertThat(run(Map.of("ANNOUNCE_FROM", "HEAD"))).contains("\"announced\":1");

        assertThat(orders(bus.taken())).containsExactly(later.toString());
    }

    @Test
    void says_how_far_it_was_behind_when_the_run_began() {
        place();
        place();

        run();
        assertThat(written.value("AnnouncementLagEvents")).contains(2.0);
        assertThat(written.value("AnnouncementLagSeconds"))
                .hasValueSatisfying(age -> assertThat(age).isPositive());

        run();
        assertThat(written.value("AnnouncementLagEvents")).contains(0.0);
        assertThat(written.value("AnnouncementLagSeconds")).contains(0.0);
    }

    @Test
    void fails_and_announces_nothing_when_the_database_is_away() {
        assertThatThrownBy(() -> run(Map.of("PGDATABASE", "there_is_none", "PGPORT", "1")))
                .isInstanceOf(LedgerUnavailable.class);

        assertThat(bus.taken()).isEmpty();
        assertThat(written.lines()).isEmpty();
    }

    @Test
    void does_not_start_without_the_name_of_its_bus() {
        assertThatThrownBy(() -> function(Map.of("ORDER_BUS_NAME", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ORDER_BUS_NAME");
    }

    private void assertEachEventCameFirstInItsOrder() {
        Map<String, List<Integer>> firsts = new LinkedHashMap<>();
        List<String> seen = new ArrayList<>();
        for (JsonNode detail : bus.taken()) {
            if (!seen.contains(detail.get("eventId").textValue())) {
                seen.add(detail.get("eventId").textValue());
                firsts.computeIfAbsent(detail.get("orderId").textValue(), _ -> new ArrayList<>())
                        .add(detail.get("version").intValue());
            }
        }
        assertThat(firsts).allSatisfy((order, versions) -> {
            List<Integer> recorded = database.history(UUID.fromString(order)).stream()
                    .map(RecordedEvent::version)
                    .toList();
            assertThat(versions).isEqualTo(recorded);
        });
        assertThat(firsts)
                .hasSize(database.query("select distinct stream_id from ledger.event")
                        .size());
    }

    private String run() {
        return run(Map.of());
    }

    private String run(Map<String, String> settings) {
        return Invocation.of(function(settings), "{}");
    }

    private AnnounceEvents function(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(database.environment("ledger_publisher"));
        environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", bus.endpoint());
        environment.put("ORDER_BUS_NAME", "orders");
        environment.putAll(settings);
        return new AnnounceEvents(environment, OrderBus.from(environment), written.metrics());
    }

    private UUID place() {
        UUID orderId = UUID.randomUUID();
        Invocation.of(create, Messages.placement(orderId, Messages.order()).toString());
        return orderId;
    }

    private void cancel(UUID orderId) {
        cancel(orderId, "{}");
    }

    private void cancel(UUID orderId, String body) {
        Invocation.of(
                cancel, Messages.cancellation(UUID.randomUUID(), orderId, body).toString());
    }

    private static boolean isOf(JsonNode detail, UUID orderId) {
        return detail.get("orderId").textValue().equals(orderId.toString());
    }

    private static List<String> orders(List<JsonNode> details) {
        return details.stream().map(detail -> detail.get("orderId").textValue()).toList();
    }

    private static List<String> types(List<JsonNode> details) {
        return details.stream().map(detail -> detail.get("type").textValue()).toList();
    }

    private static List<Integer> versions(List<JsonNode> details) {
        return details.stream().map(detail -> detail.get("version").intValue()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
