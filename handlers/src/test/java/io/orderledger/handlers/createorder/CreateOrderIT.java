package io.orderledger.handlers.createorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.ListedOrder;
import io.orderledger.projections.orders.OrderStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CreateOrderIT {
    private static FunctionDatabase database;
    private static CreateOrder function;

    private final UUID eventId = UUID.randomUUID();

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        function = new CreateOrder(database.environment("ledger_recorder"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void appends_the_order_and_lists_it() {
        Invocation.of(function, Messages.placement(eventId, Messages.order()).toString());

        assertThat(database.history(eventId)).singleElement().satisfies(event -> {
            assertThat(event.eventId()).isEqualTo(eventId);
            assertThat(event.version()).isEqualTo(1);
            assertThat(event.occurredAt()).isEqualTo(Instant.ofEpochMilli(Messages.REQUESTED_AT));
            assertThat(event.block()).isPresent();
            assertThat(event.metadata().get("traceId").textValue()).isEqualTo("1-67891233-abcdef012345678912345678");
        });
        assertThat(database.listed(eventId)).hasValueSatisfying(order -> {
            assertThat(order.status()).isEqualTo(OrderStatus.PLACED);
            assertThat(order.customerId()).isEqualTo("lee");
            assertThat(order.total()).isEqualTo(1_900);
        });
    }

    @Test
    void takes_the_id_that_eventbridge_drew_when_the_request_had_none() {
        Invocation.of(
                function, Messages.keylessPlacement(eventId, Messages.order()).toString());

        assertThat(database.history(eventId)).extracting(RecordedEvent::eventId).containsExactly(eventId);
    }

    @Test
    void appends_once_when_the_same_message_is_delivered_five_times_in_parallel() throws Exception {
        byte[] message =
                Messages.placement(eventId, Messages.order()).toString().getBytes(StandardCharsets.UTF_8);
        List<CreateOrder> functions = IntStream.range(0, 5)
                .mapToObj(i -> new CreateOrder(database.environment("ledger_recorder")))
                .toList();

        inParallel(functions.stream()
                .map(each -> (Callable<String>) () -> Invocation.of(each, message, Duration.ofSeconds(30)))
                .toList());

        assertThat(database.history(eventId)).hasSize(1);
        assertThat(database.refused())
                .noneMatch(kept -> kept.eventId().filter(eventId::equals).isPresent());
    }

    @Test
    void serves_invocations_at_once_on_its_one_connection() throws Exception {
        List<UUID> eventIds =
                IntStream.range(0, 20).mapToObj(i -> UUID.randomUUID()).toList();

        inParallel(eventIds.stream()
                .map(id -> (Callable<String>) () -> Invocation.of(
                        function, Messages.placement(id, Messages.order()).toString()))
                .toList());

        assertThat(eventIds).allSatisfy(id -> assertThat(database.listed(id)).isPresent());
    }

    @Test
    void keeps_a_message_whose_event_id_is_used_for_another_order() {
        Invocation.of(function, Messages.placement(eventId, Messages.order()).toString());
        ObjectNode other = Messages.order().put("currency", "EUR");
        String conflicting = Messages.placement(eventId, other).toString();

        Invocation.of(function, conflicting);
        Invocation.of(function, conflicting);

        assertThat(database.history(eventId))
                .singleElement()
                .satisfies(event -> assertThat(event.payload()).isEqualTo(Messages.json("""
                {"customer":{"id":"lee"},"channel":"APP","currency":"GBP",
                 "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950},
                   {"sku":"cola","quantity":1,"unitPrice":0}]}""")));
        assertThat(kept(eventId)).singleElement().satisfies(kept -> {
            assertThat(kept.reason()).isEqualTo("CONFLICT");
            assertThat(kept.path()).isEqualTo("create-order");
            assertThat(kept.message()).isEqualTo(bytes(conflicting));
        });
    }

    @Test
    void keeps_a_message_that_breaks_a_rule_byte_for_byte_and_says_which() {
        ObjectNode order = Messages.order().put("notes", "Zoë's own words");
        ((ObjectNode) order.get("customer")).put("id", "Zoë");
        // Spaces, escapes and all: what is kept is what came.
        String message =
                " " + Messages.placement(eventId, order).toPrettyString().replace("ë", "\\u00eb");

        Invocation.of(function, message);

        assertThat(database.history(eventId)).isEmpty();
        assertThat(kept(eventId)).singleElement().satisfies(kept -> {
            assertThat(kept.reason()).isEqualTo("INVALID");
            assertThat(kept.detail()).startsWith("customer.id must be").doesNotContain("Zo");
            assertThat(kept.message()).isEqualTo(bytes(message));
        });
    }

    @Test
    void keeps_bytes_that_are_no_message_at_all() {
        byte[] noise = {'{', (byte) 0xFF, 0, '}'};

        Invocation.of(function, noise, Duration.ofSeconds(30));

        assertThat(database.refused()).anySatisfy(kept -> {
            assertThat(kept.message()).isEqualTo(ByteBuffer.wrap(noise));
            assertThat(kept.eventId()).isEmpty();
            assertThat(kept.detail()).isEqualTo("message must be UTF-8");
        });
    }

    @Test
    void refuses_a_cancellation_that_comes_this_way() {
        Invocation.of(
                function,
                Messages.cancellation(eventId, UUID.randomUUID(), "{}").toString());

        assertThat(kept(eventId))
                .singleElement()
                .satisfies(kept -> assertThat(kept.detail()).isEqualTo("detail-type must be OrderPlacementRequested"));
    }

    @Test
    void records_the_largest_order_that_keeps_the_rules() {
        ObjectNode order = Messages.order().put("notes", "🍕".repeat(2_000));
        ArrayNode items = order.putArray("items");
        for (int i = 0; i < 100; i++) {
            items.addObject()
                    .put("sku", "🥤".repeat(100))
                    .put("name", "🥤".repeat(200))
                    .put("quantity", 1_000)
                    .put("unitPrice", 100_000_000);
        }

        Invocation.of(function, Messages.placement(eventId, order).toString());

        assertThat(database.listed(eventId)).map(ListedOrder::total).contains(100L * 1_000 * 100_000_000);
    }

    @Test
    void goes_on_when_its_connection_was_ended_between_invocations() {
        Invocation.of(
                function,
                Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        assertThat(database.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                        + " 'order-ledger' and datname = current_database()"))
                .isNotEmpty();

        Invocation.of(function, Messages.placement(eventId, Messages.order()).toString());

        assertThat(database.history(eventId)).hasSize(1);
    }

    @Test
    void fails_while_the_database_is_away_so_that_lambda_tries_again() throws IOException {
        Map<String, String> environment = database.environment("ledger_recorder");
        environment.put("PGPORT", Integer.toString(closedPort()));
        CreateOrder cutOff = new CreateOrder(environment);

        assertThatThrownBy(() -> Invocation.of(
                        cutOff, Messages.placement(eventId, Messages.order()).toString()))
                .isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void fails_in_time_when_the_database_does_not_answer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = database.environment("ledger_recorder");
            environment.put("PGPORT", Integer.toString(silent.getLocalPort()));
            CreateOrder waiting = new CreateOrder(environment);
            byte[] message =
                    Messages.placement(eventId, Messages.order()).toString().getBytes(StandardCharsets.UTF_8);
            long begin = System.nanoTime();

            assertThatThrownBy(() -> Invocation.of(waiting, message, Duration.ofSeconds(3)))
                    .isInstanceOf(LedgerUnavailable.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        }
    }

    private static List<FunctionDatabase.Kept> kept(UUID eventId) {
        return database.refused().stream()
                .filter(kept -> kept.eventId().filter(eventId::equals).isPresent())
                .toList();
    }

    private static ByteBuffer bytes(String message) {
        return ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void inParallel(List<Callable<String>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            List<Future<String>> running = calls.stream()
                    .map(call -> threads.submit(() -> {
                        start.await();
                        return call.call();
                    }))
                    .toList();
            for (Future<String> each : running) {
                each.get();
            }
        }
    }
}
