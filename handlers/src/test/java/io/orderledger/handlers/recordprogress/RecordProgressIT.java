package io.orderledger.handlers.recordprogress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.OrderStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecordProgressIT {
    private static final Instant PLACED_AT = Instant.ofEpochMilli(Messages.REQUESTED_AT);

    private static FunctionDatabase database;
    private static RecordProgress function;
    private static CreateOrder create;

    private final UUID orderId = UUID.randomUUID();
    private final UUID eventId = UUID.randomUUID();

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        function = new RecordProgress(database.environment("ledger_recorder"));
        create = new CreateOrder(database.environment("ledger_recorder"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void appends_what_is_reported_and_lists_it() {
        Invocation.of(create, Messages.placement(orderId, Messages.order()).toString());

        Invocation.of(function, report("OrderPrepared").toString());

        assertThat(database.history(orderId))
                .extracting(RecordedEvent::type)
                .containsExactly("OrderPlaced", "OrderPrepared");
        RecordedEvent recorded = database.history(orderId).getLast();
        assertThat(recorded.eventId()).isEqualTo(eventId);
        assertThat(recorded.occurredAt()).isEqualTo(PLACED_AT.plusSeconds(60));
        assertThat(recorded.metadata().get("path").textValue()).isEqualTo("orders.fulfilment");
        assertThat(recorded.block()).isPresent();
        assertThat(database.listed(orderId)).hasValueSatisfying(order -> {
            assertThat(order.status()).isEqualTo(OrderStatus.PREPARED);
            assertThat(order.preparedAt()).contains(PLACED_AT.plusSeconds(60));
        });
    }

    @Test
    void waits_for_no_placing() {
        Invocation.of(function, report("OrderDispatched").toString());
        assertThat(database.listed(orderId)).isEmpty();

        Invocation.of(create, Messages.placement(orderId, Messages.order()).toString());

        assertThat(database.listed(orderId))
                .hasValueSatisfying(order -> assertThat(order.status()).isEqualTo(OrderStatus.DISPATCHED));
    }

    @Test
    void takes_the_id_that_eventbridge_drew_when_the_service_gave_none() {
        ObjectNode report = report("OrderPrepared").put("id", eventId.toString());
        report.withObject("/detail").remove("eventId");

        Invocation.of(function, report.toString());
        Invocation.of(function, report.toString());

        assertThat(database.history(orderId)).extracting(RecordedEvent::eventId).containsExactly(eventId);
    }

    @Test
    void keeps_a_report_whose_event_id_is_used_for_something_else() {
        Invocation.of(function, report("OrderPrepared").toString());

        Invocation.of(function, report("OrderDispatched").toString());

        assertThat(database.history(orderId)).extracting(RecordedEvent::type).containsExactly("OrderPrepared");
        assertThat(kept()).singleElement().satisfies(kept -> {
            assertThat(kept.reason()).isEqualTo("CONFLICT");
            assertThat(kept.path()).isEqualTo("record-progress");
        });
    }

    @Test
    void refuses_a_placing_that_comes_this_way_and_whoever_says_to_be_the_api() {
        Invocation.of(
                function,
                Messages.placement(eventId, Messages.order())
                        .put("source", "orders.fulfilment")
                        .toString());
        Invocation.of(
                function,
                report("OrderPrepared").put("source", "order-ledger.api").toString());

        assertThat(database.history(orderId)).isEmpty();
        assertThat(database.history(eventId)).isEmpty();
        assertThat(kept())
                .extracting(FunctionDatabase.Kept::detail)
                .anySatisfy(detail -> assertThat(detail).contains("detail-type must be OrderPrepared or"))
                .anySatisfy(detail -> assertThat(detail).contains("source must be the name of a service"));
    }

    /** An archive delivers everything that it took, recorded or refused, once more, in any order and under a name of its own. */
    @Test
    void replaying_an_archive_changes_nothing_however_often() {
        ObjectNode order = Messages.keylessPlacement(orderId, Messages.order());
        List<ObjectNode> reports = List.of(
                Messages.report("OrderDelivered", UUID.randomUUID(), orderId, PLACED_AT.plusSeconds(90)),
                keyless("OrderDispatched"),
                report("OrderPrepared"));
        ObjectNode conflict = report("OrderDelivered");
        ObjectNode invalid = report("OrderPrepared");
        invalid.withObject("/detail")
                .put("eventId", UUID.randomUUID().toString())
                .putArray("data");
        Invocation.of(create, order.toString());
        reports.forEach(report -> Invocation.of(function, report.toString()));
        Invocation.of(function, conflict.toString());
        Invocation.of(function, invalid.toString());
        String once = database.contents();
        assertThat(database.listed(orderId))
                .hasValueSatisfying(listed -> assertThat(listed.status()).isEqualTo(OrderStatus.DELIVERED));
        int refused = database.refused().size();

        for (String replay : List.of("first", "second")) {
            Invocation.of(function, Messages.replayed(invalid, replay).toString());
            Invocation.of(function, Messages.replayed(conflict, replay).toString());
            reports.reversed()
                    .forEach(report -> Invocation.of(
                            function, Messages.replayed(report, replay).toString()));
            Invocation.of(create, Messages.replayed(order, replay).toString());
        }

        assertThat(database.contents()).isEqualTo(once);
        assertThat(database.refused())
                .hasSize(refused)
                .anySatisfy(kept -> assertThat(kept.message())
                        .isEqualTo(ByteBuffer.wrap(invalid.toString().getBytes(StandardCharsets.UTF_8))));
        assertThat(database.query("select from ledger.duplicate d join ledger.event e using (position)"
                        + " where e.stream_id = '" + orderId + "'"))
                .hasSize(2 * 4);
    }

    /** In the place of an outage: what the functions never got before comes from the archive alone, and is recorded then. */
    @Test
    void records_from_an_archive_what_never_came_before() {
        Invocation.of(
                function, Messages.replayed(report("OrderPrepared"), "first").toString());
        Invocation.of(
                create,
                Messages.replayed(Messages.placement(orderId, Messages.order()), "first")
                        .toString());

        assertThat(database.listed(orderId))
                .hasValueSatisfying(listed -> assertThat(listed.status()).isEqualTo(OrderStatus.PREPARED));
    }

    @Test
    void fails_while_the_database_is_away_so_that_lambda_tries_again() throws IOException {
        Map<String, String> environment = database.environment("ledger_recorder");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PGPORT", Integer.toString(socket.getLocalPort()));
        }
        RecordProgress cutOff = new RecordProgress(environment);

        assertThatThrownBy(() -> Invocation.of(cutOff, report("OrderPrepared").toString()))
                .isInstanceOf(LedgerUnavailable.class);
    }

    private ObjectNode report(String type) {
        return Messages.report(type, eventId, orderId, PLACED_AT.plusSeconds(60));
    }

    private ObjectNode keyless(String type) {
        ObjectNode report = report(type).put("id", UUID.randomUUID().toString());
        report.withObject("/detail").remove("eventId");
        return report;
    }

    private List<FunctionDatabase.Kept> kept() {
        return database.refused().stream()
                .filter(kept -> kept.eventId().filter(eventId::equals).isPresent())
                .toList();
    }
}
