package io.orderledger.benchmarks.rebuild;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.ledger.EventTypes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A rebuild in the style of most event stores: events are read in their order, and for each the order's row is read, the event is applied in
 * Java, the row is written back, and the checkpoint moves, in one transaction; or in one for several events. Statements are prepared on the
 * server, and events are read a thousand at a time on another connection, which is more than many do. As in most event stores, events are
 * expected in their order, and the table has its indexes all the time.
 */
public final class OneAtATime {
    private static final int EVENTS_READ = 1_000;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String READ = """
            select position, stream_id, version, type, payload, occurred_at from ledger.current_event
            where position > ? order by position limit ?""";
    private static final String SELECT = """
            select channel, customer_id, currency, total, items, placed_at, placings, placed_position
            from one_at_a_time.orders where order_id = ?""";
    private static final String UPSERT = """
            insert into one_at_a_time.orders (order_id, status, cancellation_refused, channel, customer_id, currency, total, items, placed_at,
                cancelled_at, version, placings, placed_position)
            values (?, ?, false, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)
            on conflict (order_id) do update set status = excluded.status, cancellation_refused = excluded.cancellation_refused,
                channel = excluded.channel, customer_id = excluded.customer_id, currency = excluded.currency, total = excluded.total,
                items = excluded.items, placed_at = excluded.placed_at, cancelled_at = excluded.cancelled_at, version = excluded.version,
                placings = excluded.placings, placed_position = excluded.placed_position""";
    private static final String CHECKPOINT = "update one_at_a_time.checkpoint set position = ?";

    private final BenchmarkServer server;
    private final String database;

    public OneAtATime(BenchmarkServer server, String database) {
        this.server = server;
        this.database = database;
    }

    /**
     * Applies the first events of the ledger to an empty table, and returns how many a second.
     *
     * @param events how many; the ledger holds at least as many
     * @param perTransaction how many share a transaction
     */
    public double eventsPerSecond(int events, int perTransaction) throws SQLException {
        server.execute(database, Resources.text("one-at-a-time-begin.sql"));
        try (Connection reader = server.superuser(database);
                Connection writer = server.superuser(database);
                Statements statements = new Statements(writer)) {
            writer.setAutoCommit(false);
            long begin = System.nanoTime();
            apply(reader, statements, events, perTransaction);
            double rate = events * 1e9 / (System.nanoTime() - begin);
            demandAll(events);
            return rate;
        } finally {
            server.execute(database, "drop schema one_at_a_time cascade");
        }
    }

    /** Every version counts one event, so the sum over the orders is the number of events that were applied. */
    private void demandAll(int events) {
        long applied = server.number(database, "select coalesce(sum(version), 0) from one_at_a_time.orders");
        if (applied != events) {
            throw new IllegalStateException("Of %,d events one at a time, %,d were applied".formatted(events, applied));
        }
    }

    private static void apply(Connection reader, Statements statements, int events, int perTransaction)
            throws SQLException {
        long position = 0;
        int done = 0;
        while (done < events) {
            List<Event> batch = read(reader, position, Math.min(EVENTS_READ, events - done));
            if (batch.isEmpty()) {
                throw new IllegalStateException("The ledger holds less than " + events + " events");
            }
            for (Event event : batch) {
                statements.apply(event);
                done++;
                if (done % perTransaction == 0 || done == events) {
                    statements.commit(event.position());
                }
            }
            position = batch.getLast().position();
        }
    }

    private static List<Event> read(Connection reader, long after, int limit) throws SQLException {
        List<Event> events = new ArrayList<>(limit);
        try (PreparedStatement statement = reader.prepareStatement(READ)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(new Event(
                            rows.getLong(1),
                            rows.getObject(2, UUID.class),
                            rows.getInt(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getTimestamp(6)));
                }
            }
        }
        return events;
    }

    private record Event(long position, UUID orderId, int version, String type, String payload, Timestamp occurredAt) {}

    /** One writer's statements. */
    private static final class Statements implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement select;
        private final PreparedStatement upsert;
        private final PreparedStatement checkpoint;

        Statements(Connection connection) throws SQLException {
            this.connection = connection;
            this.select = connection.prepareStatement(SELECT);
            this.upsert = connection.prepareStatement(UPSERT);
            this.checkpoint = connection.prepareStatement(CHECKPOINT);
        }

        void apply(Event event) throws SQLException {
            select.setObject(1, event.orderId());
            try (ResultSet row = select.executeQuery()) {
                boolean isKnown = row.next();
                upsert.setObject(1, event.orderId());
                upsert.setInt(10, event.version());
                switch (event.type()) {
                    case EventTypes.ORDER_PLACED -> {
                        place(event);
                        upsert.setInt(11, isKnown ? row.getInt(7) + 1 : 1);
                        upsert.setLong(12, isKnown ? row.getLong(8) : event.position());
                    }
                    case EventTypes.ORDER_CANCELLED -> {
                        if (!isKnown) {
                            throw new IllegalStateException("A cancellation came before its order");
                        }
                        cancel(event, row);
                    }
                    default -> throw new IllegalStateException("The filled ledger has no " + event.type());
                }
            }
            upsert.executeUpdate();
        }

        private void place(Event event) throws SQLException {
            JsonNode placing = parsed(event.payload());
            long total = 0;
            for (JsonNode item : placing.required("items")) {
                total += item.required("quantity").asLong()
                        * item.required("unitPrice").asLong();
            }
            upsert.setString(2, "PLACED");
            upsert.setString(3, placing.required("channel").asText());
            upsert.setString(4, placing.required("customer").required("id").asText());
            upsert.setString(5, placing.required("currency").asText());
            upsert.setLong(6, total);
            upsert.setString(7, placing.required("items").toString());
            upsert.setTimestamp(8, event.occurredAt());
            upsert.setTimestamp(9, null);
        }

        private void cancel(Event event, ResultSet row) throws SQLException {
            upsert.setString(2, "CANCELLED");
            upsert.setString(3, row.getString(1));
            upsert.setString(4, row.getString(2));
            upsert.setString(5, row.getString(3));
            upsert.setLong(6, row.getLong(4));
            upsert.setString(7, row.getString(5));
            upsert.setTimestamp(8, row.getTimestamp(6));
            upsert.setTimestamp(9, event.occurredAt());
            upsert.setInt(11, row.getInt(7));
            upsert.setLong(12, row.getLong(8));
        }

        void commit(long position) throws SQLException {
            checkpoint.setLong(1, position);
            checkpoint.executeUpdate();
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            select.close();
            upsert.close();
            checkpoint.close();
        }
    }

    private static JsonNode parsed(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A payload is no JSON", e);
        }
    }
}
