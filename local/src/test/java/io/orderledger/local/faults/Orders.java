package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.AppendResult;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What the functions do with a database, without them: append, seal, catch up. Stateless. */
final class Orders {
    private static final Duration MAX_UPKEEP = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private Orders() {}

    /** An order's placing, the same for the same number. */
    static NewEvent placing(int number) {
        UUID order = new UUID(0x4000L, Long.MIN_VALUE | number);
        ObjectNode payload = JsonNodeFactory.instance.objectNode().put("currency", "GBP");
        payload.putObject("customer").put("id", "customer-" + number % 7);
        payload.putArray("items")
                .addObject()
                .put("sku", "margherita")
                .put("quantity", 1 + number % 3)
                .put("unitPrice", 950);
        return new NewEvent(
                order,
                order,
                EventTypes.ORDER_PLACED,
                (short) 1,
                payload,
                Optional.of(JsonNodeFactory.instance.objectNode().put("notes", "ring twice")),
                JsonNodeFactory.instance.objectNode(),
                NOON.plusSeconds(number));
    }

    /** Appends placings over connections as {@code ledger_recorder}; how many were new. */
    static int append(DataSource recorder, int from, int to) {
        Ledger ledger = new Ledger(recorder);
        int appended = 0;
        for (int number = from; number < to; number++) {
            if (ledger.append(placing(number), new ExpectedVersion.Any()) instanceof AppendResult.Appended) {
                appended++;
            }
        }
        return appended;
    }

    /** Seals and brings all views up to date. */
    static void keepUp(DataSource recorder) {
        assertThat(new Upkeep(new Ledger(recorder), new CatchUp(recorder), RegisteredProjections.ALL).run(MAX_UPKEEP))
                .isTrue();
    }

    /** The first column of each row. */
    static List<String> query(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Runs a statement. */
    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
