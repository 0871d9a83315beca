package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.FAILURE;
import static io.orderledger.db.tables.projection.Tables.REBUILD_STRADDLER;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Visibility;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;

/** Scopes that only the engine makes. */
sealed interface RestrictedScope extends Scope {
    /**
     * The events of a rebuild's chunk, apart from those of orders that have events in other chunks, too.
     *
     * @param projection ID of the projection
     */
    record Chunk(String projection, int chunk, long from, long to, long height) implements RestrictedScope {
        @Override
        public Condition sees(Field<UUID> orderId, Field<Long> position) {
            return position.between(from, to)
                    .and(Visibility.isVisible(position, val(height)))
                    .and(orderId.notIn(select(REBUILD_STRADDLER.ORDER_ID)
                            .from(REBUILD_STRADDLER)
                            .where(REBUILD_STRADDLER.PROJECTION.eq(projection))
                            .and(REBUILD_STRADDLER.CHUNK.eq(chunk))));
        }
    }

    /** Another scope without the orders that the table's query could not read at a height. */
    record WithoutFailed(Scope scope, Slot slot, Field<Long> height) implements RestrictedScope {
        WithoutFailed(Scope scope, Slot slot, long height) {
            this(scope, slot, val(height));
        }

        @Override
        public Condition sees(Field<UUID> orderId, Field<Long> position) {
            return scope.sees(orderId, position)
                    .and(orderId.notIn(select(FAILURE.ORDER_ID)
                            .from(FAILURE)
                            .where(slot.isThat(FAILURE.PROJECTION, FAILURE.SLOT))
                            .and(isFailedAt(height))));
        }
    }

    /** Another scope without the orders that the live table's query could not read at a height. */
    record WithoutFailedOfLive(Scope scope, String projection, long height) implements RestrictedScope {
        @Override
        public Condition sees(Field<UUID> orderId, Field<Long> position) {
            return scope.sees(orderId, position)
                    .and(orderId.notIn(select(FAILURE.ORDER_ID)
                            .from(FAILURE)
                            .join(CHECKPOINT)
                            .on(CHECKPOINT.PROJECTION.eq(FAILURE.PROJECTION))
                            .and(CHECKPOINT.SLOT.eq(FAILURE.SLOT))
                            .and(CHECKPOINT.LIVE)
                            .where(FAILURE.PROJECTION.eq(projection))
                            .and(isFailedAt(val(height)))));
        }
    }

    private static Condition isFailedAt(Field<Long> height) {
        return FAILURE.SINCE_HEIGHT.le(height).and(FAILURE.UNTIL_HEIGHT.isNull().or(FAILURE.UNTIL_HEIGHT.gt(height)));
    }
}
