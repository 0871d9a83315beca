package io.orderledger.ledger;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.db.tables.ledger.tables.records.EventRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealSchedulesIT {
    private static final int SCHEDULES = 1_000;
    private static final int MAX_WRITERS = 6;
    private static final int MAX_SEALERS = 2;

    /** From one run to the next other schedules are tried; a failure names its seed. */
    private final long firstSeed = System.nanoTime();

    @Test
    void every_committed_event_is_in_exactly_one_block_whatever_the_transactions_do() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create();
                OneConnection reading = new OneConnection(database.as("ledger_reader"))) {
            Database reader = new Database(reading.dataSource());
            List<Connection> writing = SealSchedule.open(database.as("ledger_writer"), MAX_WRITERS);
            // Sealing needs no right to read tables, but the books have to be kept.
            List<Connection> sealing = SealSchedule.open(database.asSuperuser(), MAX_SEALERS);
            Connection auditor = database.as("ledger_auditor").getConnection();
            auditor.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            auditor.setAutoCommit(false);
            for (int i = 0; i < SCHEDULES; i++) {
                if (i % 10 == 0) {
                    auditor.rollback(); // lets its old snapshot go, and takes one that it holds during the next
                    // schedules
                    Sql.list(auditor, Long.class, "select count(*) from ledger.event");
                }
                // From two sessions to eight.
                List<Connection> writers = writing.subList(0, 1 + i % MAX_WRITERS);
                List<Connection> sealers = sealing.subList(0, 1 + i / MAX_WRITERS % MAX_SEALERS);
                SealSchedule schedule = new SealSchedule(firstSeed + i, writers, sealers);
                schedule.run();
                check(
                        reader,
                        schedule,
                        "seed %d, %d writers, %d sealers".formatted(firstSeed + i, writers.size(), sealers.size()));
                assertThat(Sql.list(sealers.getFirst(), Boolean.class, "select ledger.anything_pending()"))
                        .as("seed %d", firstSeed + i)
                        .containsExactly(false);
            }
            auditor.close();
            close(writing);
            close(sealing);
        }
    }

    private static void check(Database reader, SealSchedule schedule, String seed) {
        List<Long> inBlocks = new ArrayList<>();
        schedule.blocks().values().forEach(inBlocks::addAll);
        assertThat(inBlocks).as(seed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(schedule.committed());

        Set<Long> expected = new HashSet<>();
        for (Map.Entry<Long, Set<Long>> block : schedule.blocks().entrySet()) {
            expected.addAll(block.getValue());
            assertThat(visible(reader, schedule, block.getKey())).as(seed).isEqualTo(expected);
        }
        assertVersionsRise(reader, schedule, seed);
    }

    private static Set<Long> visible(Database reader, SealSchedule schedule, long height) {
        return reader.statement(sql -> sql.select(EVENT.POSITION)
                .from(EVENT)
                .where(Visibility.isVisible(EVENT, height))
                .and(EVENT.POSITION.in(schedule.committed()))
                .fetchSet(EVENT.POSITION));
    }

    private static void assertVersionsRise(Database reader, SealSchedule schedule, String seed) {
        Map<Long, EventRecord> events = reader.statement(sql -> sql.selectFrom(EVENT)
                .where(EVENT.POSITION.in(schedule.committed()))
                .fetchMap(EVENT.POSITION));
        Map<UUID, List<Integer>> versions = new HashMap<>();
        for (Set<Long> block : schedule.blocks().values()) {
            block.stream()
                    .sorted()
                    .map(events::get)
                    .map(Objects::requireNonNull)
                    .forEach(event -> versions.computeIfAbsent(event.getStreamId(), _ -> new ArrayList<>())
                            .add(event.getVersion()));
        }
        assertThat(versions.values())
                .as(seed)
                .allSatisfy(sequence -> assertThat(sequence)
                        .isEqualTo(IntStream.rangeClosed(1, sequence.size())
                                .boxed()
                                .toList()));
    }

    private static void close(List<Connection> connections) throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
