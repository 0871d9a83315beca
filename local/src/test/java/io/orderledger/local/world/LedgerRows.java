package io.orderledger.local.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/** The checker's own look into the database, past everything that is simulated and past the code that is tested. */
final class LedgerRows implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Connection connection;

    /** An event that is new. */
    record Seen(long position, UUID eventId) {}

    /**
     * An event as it stands, with the personal data that is there.
     *
     * @param block the block that it is in by what blocks say of themselves; empty while it is in none
     */
    record Event(
            long position,
            UUID eventId,
            UUID orderId,
            int version,
            String type,
            JsonNode payload,
            Instant occurredAt,
            Instant recordedAt,
            Optional<JsonNode> personal,
            long duplicates,
            OptionalLong block) {}

    /** A refused message; without its text when that is erased. */
    record Refused(
            String id,
            Optional<UUID> eventId,
            Optional<UUID> orderId,
            String reason,
            Optional<Instant> requestedAt,
            Optional<String> message) {}

    /** What somebody decided about a refused message. */
    record Decision(String messageId, String outcome, String actor, String reason) {}

    LedgerRows(DataSource superuser) {
        try {
            this.connection = superuser.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads one row of a result. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    synchronized <T> List<T> query(String sql, Reader<T> reader, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Seen> after(long position) {
        return query(
                "select position, event_id from ledger.event where position > ? order by position",
                row -> new Seen(row.getLong(1), row.getObject(2, UUID.class)),
                position);
    }

    List<Event> events() {
        return query(
                "select e.position, e.event_id, e.stream_id, e.version, e.type, e.payload, e.occurred_at, e.recorded_at, p.data,"
                        + " (select count(*) from ledger.duplicate d where d.position = e.position),"
                        + " case when not exists (select from ledger.pending w where w.position = e.position) then coalesce("
                        + " (select l.height from ledger.late l where l.position = e.position),"
                        + " (select min(b.height) from ledger.block b where b.high >= e.position)) end"
                        + " from ledger.event e left join ledger.personal_data p on p.position = e.position"
                        + " order by e.stream_id, e.version",
                row -> new Event(
                        row.getLong(1),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getInt(4),
                        row.getString(5),
                        json(row.getString(6)),
                        time(row, 7).orElseThrow(),
                        time(row, 8).orElseThrow(),
                        Optional.ofNullable(row.getString(9)).map(LedgerRows::json),
                        row.getLong(10),
                        block(row)));
    }

    private static OptionalLong block(ResultSet row) throws SQLException {
        long height = row.getLong(11);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(height);
    }

    static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    List<Refused> refused() {
        return query(
                "select encode(message_digest, 'hex'), event_id, stream_id, reason, requested_at, convert_from(message, 'UTF8')"
                        + " from ledger.refused",
                row -> new Refused(
                        row.getString(1),
                        Optional.ofNullable(row.getObject(2, UUID.class)),
                        Optional.ofNullable(row.getObject(3, UUID.class)),
                        row.getString(4),
                        time(row, 5),
                        Optional.ofNullable(row.getString(6))));
    }

    List<Decision> decisions() {
        return query(
                "select encode(message_digest, 'hex'), outcome, actor, reason from ledger.parked_action order by action",
                row -> new Decision(row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
    }

    /** Up to when a customer's personal data is erased; empty if it never was. */
    Optional<Instant> erasedAt(String customer) {
        return query(
                        "select erased_at from ledger.tombstone where customer_digest = ledger.customer_digest(?)",
                        row -> time(row, 1).orElseThrow(),
                        customer)
                .stream()
                .findFirst();
    }

    long newestHeight() {
        return query("select coalesce(max(height), 0) from ledger.block", row -> row.getLong(1))
                .getFirst();
    }

    boolean isRefused(UUID eventId) {
        return !query("select 1 from ledger.refused where event_id = ?", row -> row.getInt(1), eventId)
                .isEmpty();
    }

    /** How many events an order has. */
    int eventsOf(UUID orderId) {
        return query("select count(*) from ledger.event where stream_id = ?", row -> row.getInt(1), orderId)
                .getFirst();
    }

    boolean isRecorded(UUID eventId) {
        return query("select 1 from ledger.event where event_id = ?", row -> row.getInt(1), eventId)
                        .size()
                == 1;
    }

    /** Every row of a view, as text, in an order of its own. */
    List<String> text(String view) {
        return query("select v::text from " + view + " v order by 1", row -> row.getString(1));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
