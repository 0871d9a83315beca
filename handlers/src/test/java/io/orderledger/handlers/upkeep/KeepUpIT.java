package io.orderledger.handlers.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.metrics.WrittenMetrics;
import io.orderledger.ledger.LedgerUnavailable;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeepUpIT {
    private FunctionDatabase database;
    private WrittenMetrics written;
    private KeepUp keepUp;

    @BeforeEach
    void open() {
        database = new FunctionDatabase();
        written = new WrittenMetrics();
        keepUp = new KeepUp(database.environment("ledger_keeper"), written.metrics());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void reports_nothing_behind_and_nothing_left_when_there_is_nothing_to_do() {
        assertThat(Invocation.of(keepUp, "{}")).isEqualTo("{\"complete\":true}");

        assertThat(written.value("PendingEvents")).contains(0.0);
        assertThat(written.value("SealLagSeconds")).contains(0.0);
        assertThat(written.value("ProjectionLagSeconds")).contains(0.0);
        assertThat(written.value("ProjectionLagEvents", "Projection", "orders_v2"))
                .contains(0.0);
        assertThat(written.value("UpkeepUnfinished")).contains(0.0);
    }

    @Test
    void seals_and_lists_what_an_invocation_left_undone_and_says_how_long_it_waited() throws Exception {
        UUID orderId = UUID.randomUUID();
        appendOnly(orderId);

        assertThat(Invocation.of(keepUp, "{}")).isEqualTo("{\"complete\":true}");

        assertThat(database.listed(orderId)).isPresent();
        assertThat(written.value("PendingEvents")).contains(1.0);
        assertThat(written.value("SealLagSeconds"))
                .hasValueSatisfying(age -> assertThat(age).isPositive());

        Invocation.of(keepUp, "{}");
        assertThat(written.value("PendingEvents")).contains(0.0);
        assertThat(written.value("SealLagSeconds")).contains(0.0);
    }

    @Test
    void says_how_far_a_view_is_behind_that_was_not_caught_up() throws Exception {
        try (Connection other = database.server().asSuperuser().getConnection()) {
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("select from projection.checkpoint for update");
            }
            place(UUID.randomUUID());
            place(UUID.randomUUID());
            other.rollback();
        }

        Invocation.of(keepUp, "{}");

        assertThat(written.value("ProjectionLagEvents", "Projection", "orders_v2"))
                .contains(2.0);
        assertThat(written.value("ProjectionLagBlocks", "Projection", "orders_v2"))
                .contains(2.0);
        assertThat(written.value("ProjectionLagEvents")).contains(2.0);
        assertThat(written.value("ProjectionLagSeconds"))
                .hasValueSatisfying(age -> assertThat(age).isPositive());
    }

    @Test
    void fails_and_writes_no_figures_when_the_database_is_away() {
        Map<String, String> environment = database.environment("ledger_keeper");
        environment.put("PGDATABASE", "there_is_none");
        environment.put("PGPORT", "1");

        assertThatThrownBy(() -> Invocation.of(new KeepUp(environment, written.metrics()), "{}"))
                .isInstanceOf(LedgerUnavailable.class);

        assertThat(written.lines()).isEmpty();
    }

    /** While another session holds the sealer and the checkpoint, an append can only append. */
    private void appendOnly(UUID orderId) throws Exception {
        try (Connection other = database.server().asSuperuser().getConnection()) {
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("select from ledger.sealer for update");
            }
            place(orderId);
            assertThat(database.listed(orderId)).isEmpty();
            other.rollback();
        }
    }

    private void place(UUID orderId) {
        Invocation.of(
                new CreateOrder(database.environment("ledger_recorder")),
                Messages.placement(orderId, Messages.order()).toString());
    }
}
