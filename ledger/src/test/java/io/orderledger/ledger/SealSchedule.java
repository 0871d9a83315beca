package io.orderledger.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * One random schedule of sessions that append, dawdle, commit, roll back and seal. One step runs after the other, so that a seed gives
 * the same schedule again, but transactions overlap in every way. It keeps its own books of which event went into which block.
 */
final class SealSchedule {
    private static final int STEPS = 40;
    private static final int ORDERS = 4;
    private static final int MAX_EVENTS_PER_BLOCK = 4;
    private static final String SERIALIZATION_FAILURE = "40001";

    private final Random random;
    private final List<UUID> orders = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Sealer> sealers = new ArrayList<>();
    private final Set<Long> committed = new HashSet<>();
    private final Map<Long, Set<Long>> blocks = new TreeMap<>();

    SealSchedule(long seed, List<Connection> writing, List<Connection> sealing) {
        this.random = new Random(seed);
        for (int i = 0; i < ORDERS; i++) {
            orders.add(UUID.randomUUID());
        }
        writing.forEach(connection -> writers.add(new Writer(connection)));
        sealing.forEach(connection -> sealers.add(new Sealer(connection)));
    }

    /** Positions of the events that were committed. */
    Set<Long> committed() {
        return committed;
    }

    /** Positions by the height of the block that took them out of what was pending. */
    Map<Long, Set<Long>> blocks() {
        return blocks;
    }

    void run() throws SQLException {
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(3) > 0) {
                writers.get(random.nextInt(writers.size())).step();
            } else {
                sealers.get(random.nextInt(sealers.size())).step();
            }
        }
        for (Sealer sealer : sealers) {
            sealer.end(random.nextBoolean());
        }
        for (Writer writer : writers) {
            writer.end(random.nextBoolean());
        }
        while (sealers.getFirst().sealsAndCommits()) {
            // one block after the other until nothing is pending
        }
    }

    private final class Writer {
        private final Connection connection;
        private final Set<UUID> touched = new HashSet<>();
        private final Set<Long> appended = new HashSet<>();
        private boolean open;

        Writer(Connection connection) {
            this.connection = connection;
        }

        void step() throws SQLException {
            int choice = random.nextInt(5);
            if (!open) {
                begin();
                append();
            } else if (choice == 0) {
                append();
            } else if (choice == 1) {
                appendInVain();
            } else if (choice < 4) {
                end(true);
            } else {
                end(false);
            }
        }

        private void begin() throws SQLException {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(
                    random.nextInt(3) == 0
                            ? Connection.TRANSACTION_REPEATABLE_READ
                            : Connection.TRANSACTION_READ_COMMITTED);
            open = true;
        }

        /** To an order that no other open transaction has touched: otherwise this thread would wait for itself. */
        private void append() throws SQLException {
            UUID order = orders.get(random.nextInt(orders.size()));
            if (writers.stream().anyMatch(other -> other != this && other.touched.contains(order))) {
                return;
            }
            touched.add(order);
            try {
                appended.addAll(Sql.list(connection, Long.class, """
                        select position
                        from ledger.append(?, ?, 'OrderCancelled', 1::smallint, '{}', null, '{}', now(), null)""", UUID.randomUUID(), order));
            } catch (SQLException e) {
                if (!SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                    throw e;
                }
                end(false);
            }
        }

        private void appendInVain() throws SQLException {
            Set<Long> before = Set.copyOf(appended);
            Savepoint savepoint = connection.setSavepoint();
            append();
            if (open) {
                connection.rollback(savepoint);
                appended.retainAll(before);
            }
        }

        void end(boolean commit) throws SQLException {
            if (commit) {
                connection.commit();
                committed.addAll(appended);
            } else if (open) {
                connection.rollback();
            }
            open = false;
            touched.clear();
            appended.clear();
        }
    }

    private final class Sealer {
        private final Connection connection;
        private final Map<Long, Set<Long>> sealed = new TreeMap<>();

        Sealer(Connection connection) {
            this.connection = connection;
        }

        void step() throws SQLException {
            switch (random.nextInt(4)) {
                case 0 -> end(true);
                case 1 -> end(false);
                default -> seal();
            }
        }

        boolean sealsAndCommits() throws SQLException {
            seal();
            boolean any = !sealed.isEmpty();
            end(true);
            return any;
        }

        /** What is not pending any more afterwards is what went into the block. */
        private void seal() throws SQLException {
            connection.setAutoCommit(false);
            Set<Long> taken = pending();
            List<Long> height = Sql.list(
                    connection,
                    Long.class,
                    "select height from ledger.seal(?)",
                    1 + random.nextInt(MAX_EVENTS_PER_BLOCK));
            taken.removeAll(pending());
            if (height.getFirst() != null) {
                sealed.put(height.getFirst(), taken);
            } else if (!taken.isEmpty()) {
                throw new AssertionError("Taken without a block: " + taken);
            }
        }

        private Set<Long> pending() throws SQLException {
            return new HashSet<>(Sql.list(connection, Long.class, "select position from ledger.pending"));
        }

        void end(boolean commit) throws SQLException {
            if (commit) {
                connection.commit();
                blocks.putAll(sealed);
            } else {
                connection.rollback();
            }
            sealed.clear();
        }
    }

    static List<Connection> open(DataSource dataSource, int count) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Connection connection = dataSource.getConnection();
            connection.setAutoCommit(false);
            connections.add(connection);
        }
        return connections;
    }
}
