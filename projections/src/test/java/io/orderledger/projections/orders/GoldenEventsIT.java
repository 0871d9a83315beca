package io.orderledger.projections.orders;

import static io.orderledger.projections.OrdersFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.OrdersFixture;
import io.orderledger.projections.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of every form that was ever recorded make the row of the list that their golden file states. */
class GoldenEventsIT {
    private static final Path FOLDER = Path.of("../ledger/src/test/resources/golden");
    private static final JsonMapper JSON = new JsonMapper();

    private static OrdersFixture orders;

    private final UUID orderId = UUID.randomUUID();

    @BeforeAll
    static void open() {
        orders = new OrdersFixture();
    }

    @AfterAll
    static void close() {
        orders.close();
    }

    /** A golden file, by its name without the ending: type and schema version. */
    record Golden(String name, ObjectNode content) {
        String type() {
            return name.substring(0, name.indexOf('-'));
        }

        short schemaVersion() {
            return Short.parseShort(name.substring(name.indexOf('-') + 1));
        }

        boolean isPlacing() {
            return type().equals(EventTypes.ORDER_PLACED);
        }

        NewEvent event(UUID orderId) {
            return new NewEvent(
                    UUID.randomUUID(),
                    orderId,
                    type(),
                    schemaVersion(),
                    content.at("/recorded").require(),
                    Optional.empty(),
                    JSON.createObjectNode(),
                    NOON);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Golden> events() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> paths = files.sorted().toList();
            assertThat(paths).isNotEmpty();
            return paths.stream().map(GoldenEventsIT::read).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_form_is_listed_as_its_golden_file_says(Golden golden) throws IOException {
        if (!golden.isPlacing()) {
            orders.append(newestPlacing().event(orderId));
        }
        orders.append(golden.event(orderId));
        orders.bringUpToDate();

        assertThat(orders.find(orderId))
                .hasValueSatisfying(order ->
                        assertThat(shown(order)).isEqualTo(golden.content().get("listed")));
    }

    @Test
    void an_unknown_type_of_event_counts_and_its_payload_is_not_looked_at() throws IOException {
        orders.append(
                newestPlacing().event(orderId),
                OrdersFixture.event(UUID.randomUUID(), orderId, "OrderFramed", JSON.createObjectNode(), NOON));
        orders.bringUpToDate();

        assertThat(orders.find(orderId).map(ListedOrder::version)).contains(2);
    }

    /** Rather than to list what it may misunderstand, the query fails; what becomes of the order is the engine's affair. */
    @Test
    void the_query_reads_no_placing_of_an_unknown_form() throws Exception {
        try (OrdersFixture ledger = new OrdersFixture()) {
            NewEvent placing = newestPlacing().event(orderId);
            ledger.append(new NewEvent(
                    placing.eventId(),
                    orderId,
                    placing.type(),
                    (short) (placing.schemaVersion() + 1),
                    placing.payload(),
                    Optional.empty(),
                    placing.metadata(),
                    NOON));
            ledger.ledger().seal();
            Scope scope = new Scope.Orders(List.of(orderId), 1);

            assertThatExceptionOfType(DataAccessException.class)
                    .isThrownBy(() ->
                            DSL.using(ledger.recorder(), SQLDialect.POSTGRES).fetch(OrdersFixture.ORDERS.rows(scope)))
                    .satisfies(refusal -> assertThat(refusal.sqlState()).isEqualTo("OL008"));
        }
    }

    private static JsonNode shown(ListedOrder order) {
        ObjectNode row = JSON.createObjectNode()
                .put("status", order.status().name())
                .put("cancellationRefused", order.cancellationRefused())
                .put("channel", order.channel().orElseThrow())
                .put("customerId", order.customerId())
                .put("currency", order.currency())
                .put("total", Math.toIntExact(order.total()));
        row.set("items", order.items());
        return row.put("version", order.version());
    }

    private static Golden newestPlacing() throws IOException {
        return events().stream()
                .filter(Golden::isPlacing)
                .max(Comparator.comparing(Golden::schemaVersion))
                .orElseThrow();
    }

    private static Golden read(Path file) {
        try {
            return new Golden(
                    file.getFileName().toString().replace(".json", ""),
                    JSON.readValue(file.toFile(), ObjectNode.class));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
