package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Visibility;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;

/** Finds the orders that new blocks concern. */
final class TouchedOrders {
    private TouchedOrders() {}

    /** The orders with an event in a block above one height and up to another: sealed in sequence, or late. */
    static Set<UUID> between(DSLContext sql, long above, long upTo) {
        return sql.select(EVENT.STREAM_ID)
                .from(EVENT)
                .where(EVENT.POSITION.gt(coalesce(Visibility.high(above), val(0L))))
                .and(Visibility.isVisible(EVENT, upTo))
                .union(select(EVENT.STREAM_ID)
                        .from(LATE)
                        .join(EVENT)
                        .on(EVENT.POSITION.eq(LATE.POSITION))
                        .where(LATE.HEIGHT.gt(above))
                        .and(LATE.HEIGHT.le(upTo)))
                .fetchSet(EVENT.STREAM_ID);
    }
}
