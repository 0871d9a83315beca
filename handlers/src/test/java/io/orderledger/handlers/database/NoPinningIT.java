package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.announce.AnnounceEvents;
import io.orderledger.handlers.announce.BusServer;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.checkprojections.CheckProjections;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.database.WireTap.Said;
import io.orderledger.handlers.listorders.ListOrders;
import io.orderledger.handlers.recordprogress.RecordProgress;
import io.orderledger.ledger.BatchEvent;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.OnRefusal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that a function sends makes RDS Proxy keep a session for it alone.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html">What pins a connection</a>
 */
class NoPinningIT {
    private static final int MAX_STATEMENT_BYTES = 16 * 1024;

    private static final Pattern PINS = Pattern.compile(
            "^\\s*(set|reset|prepare|execute|deallocate|discard|declare|listen|unlisten|load)\\b"
                    + "|\\bset_config\\s*\\(|\\b(nextval|setval)\\s*\\(|\\bpg_(try_)?advisory_lock"
                    + "|\\bcreate\\s+(local\\s+|global\\s+)?temp",
            Pattern.CASE_INSENSITIVE);

    private static FunctionDatabase database;

    private WireTap tap;

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void listen() throws IOException {
        tap = new WireTap(database.server().port());
    }

    @AfterEach
    void hangUp() throws IOException {
        tap.close();
    }

    @Test
    void no_function_sends_what_pins_a_session() {
        Map<String, String> recorder = throughTap("ledger_recorder");
        CreateOrder create = new CreateOrder(recorder);
        CancelOrder cancel = new CancelOrder(recorder);
        RecordProgress progress = new RecordProgress(recorder);
        ListOrders list = new ListOrders(throughTap("ledger_reader"));
        UUID orderId = UUID.randomUUID();
        ObjectNode large = Messages.order().put("notes", "x".repeat(2_000));
        ((ObjectNode) large.at("/items/0")).put("name", "🍕".repeat(200));

        Invocation.of(create, Messages.placement(orderId, large).toString());
        Invocation.of(create, Messages.placement(orderId, large).toString());
        Invocation.of(create, Messages.placement(orderId, Messages.order()).toString());
        Invocation.of(create, "no message");
        Invocation.of(
                progress,
                Messages.report("OrderDispatched", UUID.randomUUID(), orderId, Instant.EPOCH)
                        .toString());
        // More often than the driver's usual threshold for naming statements.
        for (int i = 0; i < 10; i++) {
            Invocation.of(
                    cancel,
                    Messages.cancellation(UUID.randomUUID(), orderId, "{}").toString());
            Invocation.of(list, get("/orders", Optional.empty()));
            Invocation.of(list, get("/orders/{orderId}", Optional.of(orderId)));
            Invocation.of(list, get("/orders/{orderId}/history", Optional.of(orderId)));
            Invocation.of(list, get("/requests/{eventId}", Optional.of(orderId)));
            Invocation.of(list, asOf(get("/orders", Optional.empty()), "1"));
            Invocation.of(list, asOf(get("/orders", Optional.empty()), "2026-11-01T00:00:00Z"));
            Invocation.of(list, asOf(get("/orders/{orderId}", Optional.of(orderId)), "1"));
        }

        assertThat(database.history(orderId)).hasSize(12);
        assertThat(tap.connections()).isEqualTo(4);
        assertThat(tap.said())
                .hasSizeGreaterThan(60)
                .filteredOn(said -> pins(said))
                .isEmpty();
    }

    @Test
    void the_check_of_the_views_sends_nothing_that_pins_a_session() {
        CreateOrder create = new CreateOrder(database.environment("ledger_recorder"));
        Invocation.of(
                create, Messages.placement(UUID.randomUUID(), Messages.order()).toString());

        Invocation.of(new CheckProjections(throughTap("ledger_projector")), "{}");

        assertThat(tap.said())
                .hasSizeGreaterThan(6)
                .filteredOn(said -> pins(said))
                .isEmpty();
    }

    @Test
    void announcing_sends_nothing_that_pins_a_session() {
        CreateOrder create = new CreateOrder(database.environment("ledger_recorder"));
        for (int i = 0; i < 12; i++) {
            Invocation.of(
                    create,
                    Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        }
        try (BusServer bus = new BusServer()) {
            Map<String, String> environment = throughTap("ledger_publisher");
            environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", bus.endpoint());
            environment.put("ORDER_BUS_NAME", "orders");
            environment.put("METRICS_NAMESPACE", "OrderLedger/test");

            Invocation.of(new AnnounceEvents(environment), "{}");

            assertThat(bus.taken()).hasSizeGreaterThanOrEqualTo(12);
        }
        assertThat(tap.said())
                .hasSizeGreaterThan(8)
                .filteredOn(said -> pins(said))
                .isEmpty();
    }

    @Test
    void the_text_of_a_batch_does_not_grow_with_it() {
        HeldConnection held = HeldConnection.from(throughTap("ledger_recorder"));
        Ledger ledger = new Ledger(held);

        for (int size : List.of(1, Ledger.MAX_EVENTS_PER_BATCH)) {
            List<BatchEvent> batch =
                    Stream.generate(NoPinningIT::event).limit(size).toList();
            held.call(
                    RemainingTime.of(Invocation.lasting(Duration.ofSeconds(60))),
                    () -> ledger.appendAll(batch, OnRefusal.APPEND_NOTHING));
        }

        assertThat(tap.said()).filteredOn(said -> pins(said)).isEmpty();
        assertThat(tap.said())
                .filteredOn(said -> said instanceof Said.Statement statement
                        && statement.sql().contains("append_batch"))
                .hasSize(2)
                .satisfies(statements -> assertThat(statements.getFirst()).isEqualTo(statements.getLast()));
    }

    private static BatchEvent event() {
        NewEvent event = new NewEvent(
                UUID.randomUUID(),
                UUID.randomUUID(),
                EventTypes.ORDER_CANCELLED,
                (short) 1,
                JsonNodeFactory.instance.objectNode(),
                Optional.empty(),
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH);
        return new BatchEvent(event, new ExpectedVersion.Any());
    }

    @Test
    void every_setting_travels_with_the_start() {
        Invocation.of(
                new ListOrders(throughTap("ledger_reader")),
                get("/orders/{orderId}/history", Optional.of(UUID.randomUUID())));

        assertThat(tap.said())
                .first()
                .isInstanceOfSatisfying(
                        Said.Startup.class,
                        startup -> assertThat(startup.namesAndValues())
                                .contains("application_name", "order-ledger")
                                .doesNotContain("options"));
        assertThat(tap.said()).hasSize(2);
    }

    /** The check itself can fail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set application_name = 'x'",
                "SET LOCAL statement_timeout = 1",
                " discard all",
                "select set_config('work_mem', '1MB', false)",
                "select pg_advisory_lock(1)",
                "select pg_try_advisory_lock(1)",
                "create temporary table t (a int)",
                "listen news",
            })
    void finds_what_pins_a_session(String sql) throws SQLException {
        HeldConnection held = HeldConnection.from(throughTap("ledger_recorder"));
        held.call(RemainingTime.of(Invocation.lasting(Duration.ofSeconds(30))), () -> {
            try (Connection connection = held.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                // Some of these are not allowed either; it was said all the same.
            }
            return true;
        });

        assertThat(tap.said()).last().satisfies(said -> assertThat(pins(said)).isTrue());
    }

    @Test
    void finds_statements_that_are_named_or_long() {
        assertThat(pins(new Said.Statement("S_1", "select 1"))).isTrue();
        assertThat(pins(new Said.Statement("", "select '" + "x".repeat(MAX_STATEMENT_BYTES) + "'")))
                .isTrue();
        assertThat(pins(new Said.Statement("", "select pg_advisory_xact_lock(1)")))
                .isFalse();
    }

    private static boolean pins(Said said) {
        return switch (said) {
            case Said.Startup(List<String> settings) -> settings.contains("options");
            case Said.FunctionCall() -> true;
            case Said.Statement(String name, String sql) ->
                !name.isEmpty()
                        || sql.length() > MAX_STATEMENT_BYTES
                        || PINS.matcher(sql).find();
        };
    }

    private Map<String, String> throughTap(String role) {
        Map<String, String> environment = database.environment(role);
        environment.put("PGPORT", Integer.toString(tap.port()));
        return environment;
    }

    private static String asOf(String request, String moment) {
        ObjectNode json = Messages.json(request);
        json.putObject("queryStringParameters").put("asOf", moment);
        json.putObject("multiValueQueryStringParameters").putArray("asOf").add(moment);
        return json.toString();
    }

    private static String get(String resource, Optional<UUID> orderId) {
        ObjectNode request = Messages.resource("api-gateway-proxy-request.json").put("resource", resource);
        orderId.ifPresent(id -> request.putObject("pathParameters")
                .put("orderId", id.toString())
                .put("eventId", id.toString()));
        return request.toString();
    }
}
