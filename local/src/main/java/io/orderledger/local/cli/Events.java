package io.orderledger.local.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Reads events for people who look at them, without personal data. By plain JDBC: these commands have to be there at once, and half of what
 * jOOQ costs is loading it.
 */
final class Events {
    /**
     * An event and the block it is sealed in: the rule is that of {@link io.orderledger.ledger.Visibility}, an event's block is the lowest height
     * at which it is visible.
     */
    private static final String COLUMNS = """
            select e.position, e.event_id, e.stream_id, e.version, e.type, e.schema_version, e.occurred_at, e.recorded_at,
                e.metadata ->> 'path' as path, e.payload::text as payload, encode(e.digest, 'hex') as digest,
                l.height is not null as late,
                case when p.position is null then coalesce(
                    l.height,
                    (select b.height from ledger.block b where b.high >= e.position order by b.high, b.height limit 1)) end as block
            from ledger.event e
            left join ledger.late l on l.position = e.position
            left join ledger.pending p on p.position = e.position
            """;

    private static final String OF_ORDER = COLUMNS + "where e.stream_id = ? order by e.version";

    /** The events of some blocks, which lie between the blocks' highest positions, but for those that were sealed late. */
    private static final String OF_BLOCKS = COLUMNS + """
            where p.position is null and (
                (l.position is null
                    and e.position > coalesce((select b.high from ledger.block b where b.height = ?), 0)
                    and e.position <= (select b.high from ledger.block b where b.height = ?))
                or (l.height > ? and l.height <= ?))
            order by block, e.position""";

    private static final String NEWEST_BLOCK = "select coalesce(max(height), 0) from ledger.block";

    /** The block behind which there are at least so many events, or 0. */
    private static final String BLOCK_BEFORE_LAST = """
            select coalesce(max(height), 0) - 1 from (
                select b.height, sum(b.event_count) over (order by b.height desc) as events
                from (select * from ledger.block order by height desc limit ?) b) counted
            where events >= ?""";

    private final DataSource database;

    Events(DataSource database) {
        this.database = database;
    }

    /**
     * An event as it was recorded.
     *
     * @param path the way by which it came; empty where nobody noted it
     * @param payload what it says, without personal data, as PostgreSQL writes it
     * @param isLate whether it was committed only after later positions had been sealed
     * @param block the block that it is sealed in; empty while it waits
     */
    record Event(
            long position,
            UUID eventId,
            UUID orderId,
            int version,
            String type,
            int schemaVersion,
            Instant occurredAt,
            Instant recordedAt,
            String path,
            String payload,
            String digest,
            boolean isLate,
            OptionalLong block) {}

    /** An order's events by version; none if there is no such order. */
    List<Event> of(UUID orderId) {
        return read(OF_ORDER, statement -> statement.setObject(1, orderId));
    }

    /** The events of the blocks after one height up to another, block by block. */
    List<Event> ofBlocks(long after, long upTo) {
        return read(OF_BLOCKS, statement -> {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setLong(3, after);
            statement.setLong(4, upTo);
        });
    }

    /** Height of the newest block; 0 if there is none. */
    long newestBlock() {
        return number(NEWEST_BLOCK, statement -> {});
    }

    /** A height behind which the newest events are, at least so many of them, if there are so many. */
    long blockBeforeLast(int events) {
        return Math.max(0, number(BLOCK_BEFORE_LAST, statement -> {
            // Each block has at least one event.
            statement.setInt(1, events);
            statement.setInt(2, events);
        }));
    }

    private interface Parameters {
        void setOn(PreparedStatement statement) throws SQLException;
    }

    private List<Event> read(String query, Parameters parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            parameters.setOn(statement);
            List<Event> events = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(event(rows));
                }
            }
            return events;
        } catch (SQLException e) {
            throw new DatabaseAway(e);
        }
    }

    private long number(String query, Parameters parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            parameters.setOn(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new DatabaseAway(e);
        }
    }

    private static Event event(ResultSet row) throws SQLException {
        long block = row.getLong("block");
        OptionalLong sealed = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(block);
        String path = row.getString("path");
        return new Event(
                row.getLong("position"),
                row.getObject("event_id", UUID.class),
                row.getObject("stream_id", UUID.class),
                row.getInt("version"),
                row.getString("type"),
                row.getInt("schema_version"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                path == null ? "" : path,
                row.getString("payload"),
                row.getString("digest"),
                row.getBoolean("late"),
                sealed);
    }

    /** The database did not answer; the same may succeed later. The message has the SQLSTATE and no value. */
    static final class DatabaseAway extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DatabaseAway(SQLException cause) {
            super("the database does not answer (SQLSTATE " + cause.getSQLState() + ")", cause);
        }
    }
}
