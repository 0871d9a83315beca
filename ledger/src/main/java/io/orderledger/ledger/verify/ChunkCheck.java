package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.tree.Hashes;
import io.orderledger.ledger.verify.Finding.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks the events of a chunk's blocks, and gives the blocks' leaves. An event belongs to the first block whose high reaches its
 * position, unless it is in late, which then tells the block, or in pending.
 *
 * <p>Two statements, each in its own snapshot. That is sound, because what is in a sealed block stays there: an event that was pending comes
 * into late of a later block.
 */
final class ChunkCheck {
    private static final String ON_TIME =
            "select " + EventCheck.FIELDS + " from ledger.event e " + EventCheck.JOINS_OF_RANGE + """
             where e.position > %1$d and e.position <= %2$d
                and e.position not in (select l.position from ledger.late l where l.position > %1$d and l.position <= %2$d)
                and e.position not in (select p.position from ledger.pending p where p.position > %1$d and p.position <= %2$d)
            order by e.position""";

    private static final String LATE = "select " + EventCheck.FIELDS
            + ", l.height, l.position, exists (select from ledger.pending p where p.position = l.position)"
            + " from ledger.late l left join ledger.event e on e.position = l.position "
            + EventCheck.JOINS
            + " where l.height >= %d and l.height <= %d order by l.height, l.position limit %d";

    private static final int LATE_HEIGHT = EventCheck.FIELD_COUNT;
    private static final int LATE_POSITION = EventCheck.FIELD_COUNT + 1;
    private static final int IS_PENDING = EventCheck.FIELD_COUNT + 2;

    private final Database database;

    ChunkCheck(Database database) {
        this.database = database;
    }

    Chunk.Result check(Chunk chunk) {
        return Session.query(database, connection -> {
            EventCheck events = new EventCheck();
            Map<Long, List<LateEvent>> late = new HashMap<>();
            long lateLimit = chunk.events() + 1;
            String lateQuery = LATE.formatted(
                    chunk.blocks().getFirst().height(), chunk.last().height(), lateLimit);
            try (CopyRows rows = new CopyRows(connection, lateQuery, EventCheck.FIELD_COUNT + 3)) {
                while (rows.next()) {
                    late.computeIfAbsent(rows.getLong(LATE_HEIGHT), height -> new ArrayList<>())
                            .add(lateEvent(rows, events));
                }
            }
            String onTimeQuery =
                    ON_TIME.formatted(chunk.previous().high(), chunk.last().high());
            try (CopyRows rows = new CopyRows(connection, onTimeQuery, EventCheck.FIELD_COUNT)) {
                return new Pass(chunk, late, events, rows).check();
            }
        });
    }

    private static LateEvent lateEvent(CopyRows rows, EventCheck events) throws SQLException {
        long height = rows.getLong(LATE_HEIGHT);
        long position = rows.getLong(LATE_POSITION);
        if (rows.isNull(EventCheck.POSITION)) {
            return new LateEvent(
                    position, null, 0, Finding.at(Kind.LATE, height, position, "there is no event at that position"));
        }
        if (rows.getBoolean(IS_PENDING)) {
            return new LateEvent(
                    position,
                    null,
                    0,
                    Finding.at(Kind.MEMBERSHIP, height, position, "it is in a block and still pending"));
        }
        return new LateEvent(
                position,
                rows.getBytes(EventCheck.DIGEST),
                rows.getLong(EventCheck.RECORDED_AT),
                events.check(rows, OptionalLong.of(height)));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record LateEvent(
            long position,
            byte @Nullable [] digest,
            long recordedAt,
            @Nullable Finding finding) {}

    /** One walk through the chunk's blocks, beside the events that are in their order. */
    private static final class Pass {
        private final Chunk chunk;
        private final Map<Long, List<LateEvent>> late;
        private final EventCheck events;
        private final CopyRows onTime;
        private final Hashes hashes = new Hashes();
        private final List<List<byte[]>> leaves = new ArrayList<>();
        private boolean hasRow;

        Pass(Chunk chunk, Map<Long, List<LateEvent>> late, EventCheck events, CopyRows onTime) {
            this.chunk = chunk;
            this.late = late;
            this.events = events;
            this.onTime = onTime;
        }

        Chunk.Result check() throws SQLException {
            hasRow = onTime.next();
            Block previous = chunk.previous();
            for (Block block : chunk.blocks()) {
                Finding finding = check(block, previous);
                if (finding != null) {
                    return new Chunk.Result(chunk, leaves, finding);
                }
                previous = block;
            }
            return new Chunk.Result(chunk, leaves, null);
        }

        private @Nullable Finding check(Block block, Block previous) throws SQLException {
            long height = block.height();
            if (height != previous.height() + 1) {
                return Finding.inBlock(Kind.HEIGHT, previous.height() + 1, "there is no such block");
            }
            List<byte[]> digests = new ArrayList<>();
            List<Long> latePositions = new ArrayList<>();
            long newest = Long.MIN_VALUE;
            for (LateEvent event : late.getOrDefault(height, List.of())) {
                if (event.finding() != null) {
                    return event.finding();
                }
                if (event.position() >= previous.high()) {
                    return Finding.at(
                            Kind.LATE, height, event.position(), "it is listed as late, and its position is not");
                }
                latePositions.add(event.position());
                digests.add(Objects.requireNonNull(event.digest()));
                newest = Math.max(newest, event.recordedAt());
            }
            long highest = previous.high();
            while (hasRow && onTime.getLong(EventCheck.POSITION) <= block.high()) {
                Finding finding = events.check(onTime, OptionalLong.of(height));
                if (finding != null) {
                    return finding;
                }
                highest = onTime.getLong(EventCheck.POSITION);
                digests.add(Objects.requireNonNull(onTime.getBytes(EventCheck.DIGEST)));
                newest = Math.max(newest, onTime.getLong(EventCheck.RECORDED_AT));
                hasRow = onTime.next();
            }
            return finish(block, previous, digests, latePositions, highest, newest);
        }

        private @Nullable Finding finish(
                Block block,
                Block previous,
                List<byte[]> digests,
                List<Long> latePositions,
                long highest,
                long newest) {
            if (digests.size() != block.eventCount()) {
                return Finding.inBlock(
                        Kind.EVENT_COUNT,
                        block.height(),
                        "it says " + block.eventCount() + " events, and " + digests.size() + " belong to it");
            }
            if (highest != block.high()) {
                return Finding.inBlock(
                        Kind.HIGH, block.height(), "it says " + block.high() + ", and its highest is " + highest);
            }
            if (block.sealedAt() < Math.max(newest, previous.sealedAt())) {
                return Finding.inBlock(
                        Kind.SEALED_AT, block.height(), "its time is before its events' or the block's before");
            }
            digests.add(block.digest(latePositions, hashes));
            leaves.add(digests);
            return null;
        }
    }
}
