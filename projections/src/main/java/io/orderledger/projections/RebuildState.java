package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.REBUILD;
import static io.orderledger.db.tables.projection.Tables.REBUILD_CHUNK;
import static org.jooq.impl.DSL.currentInstant;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * What the database knows of a rebuild. Every change is made in a transaction that first makes sure that this run has not been replaced by
 * a newer one.
 */
final class RebuildState {
    /** How many chunks are read at a time. */
    private static final int CHUNKS_READ = 1_000;

    private final Database database;
    private final UUID holder;
    private final Slot slot;
    private final long height;
    private final long events;

    private RebuildState(Database database, UUID holder, Slot slot, long height, long events) {
        this.database = database;
        this.holder = holder;
        this.slot = slot;
        this.height = height;
        this.events = events;
    }

    /** A range of positions. */
    record Chunk(int number, long from, long to) {
        long positions() {
            return to - from + 1;
        }
    }

    /** Begins a rebuild, or goes on with one. The caller holds the lock on the projection's rebuild. */
    static RebuildState open(
            Database database, String projection, boolean keepIndexes, RebuildOptions options, String holderName) {
        UUID holder = UUID.randomUUID();
        return database.transaction(sql -> {
            boolean exists = sql.select(REBUILD.PROJECTION)
                    .from(REBUILD)
                    .where(REBUILD.PROJECTION.eq(projection))
                    .forUpdate()
                    .fetchOptional()
                    .isPresent();
            if (exists && !options.restart()) {
                sql.update(REBUILD)
                        .set(REBUILD.HOLDER, holder)
                        .set(REBUILD.HOLDER_NAME, holderName)
                        .set(REBUILD.HELD_SINCE, currentInstant())
                        .where(REBUILD.PROJECTION.eq(projection))
                        .execute();
            } else {
                sql.execute(
                        "select projection.begin_rebuild({0}, {1}, {2}, {3}, {4})",
                        val(projection), val(options.chunkPositions()), val(keepIndexes), val(holder), val(holderName));
            }
            return sql.selectFrom(REBUILD)
                    .where(REBUILD.PROJECTION.eq(projection))
                    .fetchSingle(row -> new RebuildState(
                            database, holder, new Slot(projection, row.getSlot()), row.getHeight(), row.getEvents()));
        });
    }

    Slot slot() {
        return slot;
    }

    /** The block as of which the table is filled. */
    long height() {
        return height;
    }

    /** Events up to that block. */
    long events() {
        return events;
    }

    /** Runs work in a transaction, and fails if a newer run has taken over. Waits for none but for a run that is just taking over. */
    <T> T transaction(Function<DSLContext, T> work) {
        return database.transaction(sql -> {
            demandHold(sql);
            return work.apply(sql);
        });
    }

    private void demandHold(DSLContext sql) {
        boolean held = sql.select(REBUILD.PROJECTION)
                .from(REBUILD)
                .where(REBUILD.PROJECTION.eq(slot.projection()))
                .and(REBUILD.HOLDER.eq(holder))
                .forShare()
                .fetchOptional()
                .isPresent();
        if (!held) {
            throw new RebuildHeld(slot.projection(), "a newer run", Optional.empty());
        }
    }

    RebuildPhase phase() {
        return transaction(sql -> sql.select(REBUILD.PHASE)
                .from(REBUILD)
                .where(REBUILD.PROJECTION.eq(slot.projection()))
                .fetchSingle(row -> RebuildPhase.valueOf(row.value1())));
    }

    void enter(RebuildPhase phase) {
        transaction(sql -> sql.update(REBUILD)
                .set(REBUILD.PHASE, phase.name())
                .where(REBUILD.PROJECTION.eq(slot.projection()))
                .execute());
    }

    /** Some chunks after one, for which a piece of work is still to be done. */
    List<Chunk> chunksWithout(TableField<?, Boolean> done, int after) {
        return database.statement(
                sql -> sql.select(REBUILD_CHUNK.CHUNK, REBUILD_CHUNK.FROM_POSITION, REBUILD_CHUNK.TO_POSITION)
                        .from(REBUILD_CHUNK)
                        .where(REBUILD_CHUNK.PROJECTION.eq(slot.projection()))
                        .and(REBUILD_CHUNK.CHUNK.gt(after))
                        .andNot(done)
                        .orderBy(REBUILD_CHUNK.CHUNK)
                        .limit(CHUNKS_READ)
                        .fetch(row -> new Chunk(row.value1(), row.value2(), row.value3())));
    }

    void markDone(DSLContext sql, TableField<?, Boolean> done, Chunk chunk) {
        sql.update(REBUILD_CHUNK)
                .set(REBUILD_CHUNK.field(done), true)
                .where(REBUILD_CHUNK.PROJECTION.eq(slot.projection()))
                .and(REBUILD_CHUNK.CHUNK.eq(chunk.number()))
                .execute();
    }

    /** Positions of all chunks, and of those for which a piece of work is done. */
    Amount positions(TableField<?, Boolean> done) {
        Field<Long> all = DSL.coalesce(
                DSL.sum(REBUILD_CHUNK
                                .TO_POSITION
                                .minus(REBUILD_CHUNK.FROM_POSITION)
                                .plus(1))
                        .cast(Long.class),
                0L);
        Field<Long> finished = DSL.coalesce(
                DSL.sum(REBUILD_CHUNK
                                .TO_POSITION
                                .minus(REBUILD_CHUNK.FROM_POSITION)
                                .plus(1))
                        .filterWhere(done)
                        .cast(Long.class),
                0L);
        return database.statement(sql -> sql.select(finished, all)
                .from(REBUILD_CHUNK)
                .where(REBUILD_CHUNK.PROJECTION.eq(slot.projection()))
                .fetchSingle(row -> new Amount(row.value1(), row.value2())));
    }

    /** Events since the height as of which the table was filled: in the table, and in the newest block. */
    Amount eventsSince() {
        Field<Long> eventCount = BLOCK.TREE_SIZE.minus(BLOCK.HEIGHT);
        return database.statement(sql -> {
            Field<Long> own = DSL.field(DSL.select(eventCount)
                    .from(BLOCK)
                    .where(BLOCK.HEIGHT.eq(DSL.select(CHECKPOINT.HEIGHT)
                            .from(CHECKPOINT)
                            .where(slot.isThat(CHECKPOINT.PROJECTION, CHECKPOINT.SLOT)))));
            Field<Long> newest = DSL.field(DSL.select(eventCount)
                    .from(BLOCK)
                    .orderBy(BLOCK.HEIGHT.desc())
                    .limit(1));
            return sql.select(DSL.coalesce(own, 0L), DSL.coalesce(newest, 0L))
                    .fetchSingle(
                            row -> new Amount(Math.max(0, row.value1() - events), Math.max(0, row.value2() - events)));
        });
    }

    /** So much of so much. */
    record Amount(long done, long total) {}
}
