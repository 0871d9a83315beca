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
import java.util.UUID;
import javax.sql.DataSource;

/** The checker's own look into the database, past everything that is simulated and past the code that is tested. */
final class LedgerRows implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Connection connection;

    /** An event that is new. */
    record Seen(long position, UUID eventId) {}

    /** An event as it stands, with the personal data that is there. */
    record Event(
            UUID eventId,
            UUID orderId,
            int version,
            String type,
            JsonNode payload,
            Instant occurredAt,
            Optional<JsonNode> personal,
            long duplicates) {}

    /** A refused message; without its text when that is erased. */
    record Refused(Optional<UUID> eventId, Optional<UUID> orderId, String reason, Optional<String> message) {}

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
                "select e.event_id, e.stream_id, e.version, e.type, e.payload, e.occurred_at, p.data,"
                        + " (select count(*) from ledger.duplicate d where d.position = e.position)"
                        + " from ledger.event e left join ledger.personal_data p on p.position = e.position"
                        + " order by e.stream_id, e.version",
                row -> new Event(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getInt(3),
                        row.getString(4),
                        json(row.getString(5)),
                        row.getObject(6, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(7)).map(LedgerRows::json),
                        row.getLong(8)));
    }

    List<Refused> refused() {
        return query(
                "select event_id, stream_id, reason, convert_from(message, 'UTF8') from ledger.refused",
                row -> new Refused(
                        Optional.ofNullable(row.getObject(1, UUID.class)),
                        Optional.ofNullable(row.getObject(2, UUID.class)),
                        row.getString(3),
                        Optional.ofNullable(row.getString(4))));
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
