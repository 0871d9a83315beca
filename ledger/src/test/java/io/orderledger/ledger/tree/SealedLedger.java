package io.orderledger.ledger.tree;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A ledger that is filled in bulk and sealed as a test wants, with the list of leaves that its tree should have by then. The events'
 * digests are arbitrary: to the tree they are just leaves.
 */
final class SealedLedger implements AutoCloseable {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final TemporaryDatabase database = TemporaryDatabase.create();
    private final Connection connection;
    private final Connection slow;
    private final List<byte[]> leaves = new ArrayList<>();
    private final List<Long> heldBack = new ArrayList<>();

    SealedLedger() throws SQLException {
        connection = database.asSuperuser().getConnection();
        slow = database.asSuperuser().getConnection();
        slow.setAutoCommit(false);
    }

    TemporaryDatabase database() {
        return database;
    }

    /** The leaves by the documented order: for each block its events by position, then the block's own leaf. */
    List<byte[]> leaves() {
        return leaves;
    }

    /** Makes events that are committed and pending; before them another transaction draws positions, and stays open. */
    void append(int events, int late) throws SQLException {
        if (late > 0) {
            heldBack.addAll(draw(slow, late));
        }
        commit(connection, draw(connection, events));
    }

    /** Commits what was drawn early. */
    void appendLate() throws SQLException {
        commit(slow, heldBack);
        slow.commit();
        heldBack.clear();
    }

    /** As append does it: the transaction has its ID before it draws. */
    private static List<Long> draw(Connection connection, int count) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_current_xact_id()");
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select nextval('ledger.event_position_seq') from generate_series(1, " + count + ")")) {
            List<Long> drawn = new ArrayList<>();
            while (rows.next()) {
                drawn.add(rows.getLong(1));
            }
            return drawn;
        }
    }

    private static void commit(Connection connection, List<Long> positions) throws SQLException {
        try (PreparedStatement insertion = connection.prepareStatement("""
                with added as (
                    insert into ledger.event (position, event_id, stream_id, version, type, schema_version, payload, metadata,
                        occurred_at, recorded_at, digest)
                    overriding system value
                    select p, gen_random_uuid(), gen_random_uuid(), 1, 'X', 1, '{}', '{}', now(), now(), sha256(int8send(p))
                    from unnest(?) p
                    returning position)
                insert into ledger.pending select position from added""")) {
            insertion.setArray(1, connection.createArrayOf("int8", positions.toArray()));
            insertion.execute();
        }
    }

    /** Seals one block, and notes the leaves that it has to have. */
    void seal(int maxEvents) throws SQLException {
        List<Long> positions = longs("select position from ledger.pending order by position limit " + maxEvents);
        long before = longs("select coalesce(max(high), 0) from ledger.block").getFirst();
        execute("select ledger.seal(" + maxEvents + ")");
        ByteBuffer late = ByteBuffer.allocate(positions.size() * Long.BYTES);
        for (long position : positions) {
            leaves.add(ReferenceTree.sha256(
                    ByteBuffer.allocate(8).putLong(position).array()));
            if (position < before) {
                late.putLong(position);
            }
        }
        byte[] latePositions = new byte[late.position()];
        late.flip().get(latePositions);
        try (Statement statement = connection.createStatement();
                ResultSet block =
                        statement.executeQuery("select height, sealed_at from ledger.block order by height desc")) {
            block.next();
            byte[] tag = "order-ledger block 1".getBytes(StandardCharsets.UTF_8);
            leaves.add(ReferenceTree.sha256(
                    new byte[] {0},
                    tag,
                    ByteBuffer.allocate(28)
                            .putLong(block.getLong(1))
                            .putLong(Math.max(before, positions.getLast()))
                            .putInt(positions.size())
                            .putLong(ChronoUnit.MICROS.between(
                                    POSTGRES_EPOCH,
                                    block.getObject(2, OffsetDateTime.class).toInstant()))
                            .array(),
                    ReferenceTree.sha256(latePositions)));
        }
    }

    byte[] digest(String query, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        }
    }

    List<byte[]> path(String function, long first, long second) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select p from unnest(ledger." + function + "(?, ?)) with ordinality u(p, i) order by i")) {
            statement.setLong(1, first);
            statement.setLong(2, second);
            List<byte[]> path = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    path.add(rows.getBytes(1));
                }
            }
            return path;
        }
    }

    List<Long> longs(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<Long> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getLong(1));
            }
            return values;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        slow.close();
        connection.close();
        database.close();
    }
}
