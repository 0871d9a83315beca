package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.FAILURE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.name;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** The locked checkpoint of one of a projection's tables; the lock ends with the transaction. */
record Checkpoint(Slot slot, long height) {
    /** Empty when another worker holds the lock, or no table is live. */
    static Optional<Checkpoint> lockLive(DSLContext sql, String projection) {
        return sql.select(CHECKPOINT.SLOT, CHECKPOINT.HEIGHT)
                .from(CHECKPOINT)
                .where(CHECKPOINT.PROJECTION.eq(projection))
                .and(CHECKPOINT.LIVE)
                .forUpdate()
                .skipLocked()
                .fetchOptional()
                .map(found -> of(projection, found));
    }

    /** Waits for the lock; empty when no table is live. */
    static Optional<Checkpoint> awaitLive(DSLContext sql, String projection) {
        return sql.select(CHECKPOINT.SLOT, CHECKPOINT.HEIGHT)
                .from(CHECKPOINT)
                .where(CHECKPOINT.PROJECTION.eq(projection))
                .and(CHECKPOINT.LIVE)
                .forUpdate()
                .fetchOptional()
                .map(found -> of(projection, found));
    }

    /** Empty when another worker holds the lock, or the table is live by now. */
    static Optional<Checkpoint> lock(DSLContext sql, Slot slot) {
        return sql.select(CHECKPOINT.SLOT, CHECKPOINT.HEIGHT)
                .from(CHECKPOINT)
                .where(slot.isThat(CHECKPOINT.PROJECTION, CHECKPOINT.SLOT))
                .andNot(CHECKPOINT.LIVE)
                .forUpdate()
                .skipLocked()
                .fetchOptional()
                .map(found -> of(slot.projection(), found));
    }

    private static Checkpoint of(String projection, Record2<String, Long> found) {
        return new Checkpoint(new Slot(projection, found.value1()), found.value2());
    }

    /** Moves the checkpoint, and ends the failures of orders that were read now. */
    void moveTo(DSLContext sql, long newHeight, Collection<UUID> readable) {
        sql.with(name("healed")
                        .as(DSL.update(FAILURE)
                                .set(FAILURE.UNTIL_HEIGHT, newHeight)
                                .where(slot.isThat(FAILURE.PROJECTION, FAILURE.SLOT))
                                .and(FAILURE.UNTIL_HEIGHT.isNull())
                                .and(FAILURE.ORDER_ID.eq(any(readable.toArray(UUID[]::new))))
                                .returning(FAILURE.ORDER_ID)))
                .update(CHECKPOINT)
                .set(CHECKPOINT.HEIGHT, newHeight)
                .where(slot.isThat(CHECKPOINT.PROJECTION, CHECKPOINT.SLOT))
                .execute();
    }
}
