package io.orderledger.ledger.publication;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Visibility;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;

/**
 * Reads events by block, and within a block by position. What is sealed never changes, so the same place is always followed by the same
 * events; and an order's versions are in blocks in their order, so they come in it.
 */
final class DueEvents {
    private static final Field<Long> SEALED_IN = field(name("due", "sealed_in"), Long.class);
    private static final Field<Long> DUE_POSITION = field(name("due", "position"), Long.class);

    private DueEvents() {}

    static List<SealedEvent> after(DSLContext sql, Place place, int limit) {
        Optional<Long> upTo = lastBlock(sql, place, limit);
        if (upTo.isEmpty()) {
            return List.of();
        }
        Result<? extends Record> rows = read(sql, place, upTo.get(), limit);
        if (rows.isEmpty()) {
            throw new IllegalStateException(
                    "Block " + (place.height() + 1) + " has fewer events than it says: verify the ledger");
        }
        return placed(rows, place);
    }

    /** The first block by which enough events are sealed, or the newest. Blocks hold an event at least. */
    private static Optional<Long> lastBlock(DSLContext sql, Place place, int limit) {
        Field<BigDecimal> eventsSoFar =
                sum(BLOCK.EVENT_COUNT).over().orderBy(BLOCK.HEIGHT).as("events_so_far");
        Result<Record2<Long, BigDecimal>> blocks = sql.select(BLOCK.HEIGHT, eventsSoFar)
                .from(BLOCK)
                .where(BLOCK.HEIGHT.gt(place.height()))
                .orderBy(BLOCK.HEIGHT)
                .limit(limit + 1)
                .fetch();
        Optional<Long> last = Optional.empty();
        for (Record2<Long, BigDecimal> block : blocks) {
            last = Optional.of(block.value1());
            if (block.value2().intValueExact() - place.announced() >= limit) {
                break;
            }
        }
        return last;
    }

    private static Result<? extends Record> read(DSLContext sql, Place place, long upTo, int limit) {
        Field<Long> sealedIn = coalesce(LATE.HEIGHT, firstBlockThatReaches());
        CommonTableExpression<Record2<Long, Long>> due = name("due")
                .fields("position", "sealed_in")
                .as(select(EVENT.POSITION, sealedIn)
                        .from(EVENT)
                        .leftJoin(LATE)
                        .on(LATE.POSITION.eq(EVENT.POSITION))
                        .where(EVENT.POSITION.gt(coalesce(Visibility.high(place.height()), val(0L))))
                        .and(Visibility.isVisible(EVENT, upTo))
                        .union(select(LATE.POSITION, LATE.HEIGHT)
                                .from(LATE)
                                .where(LATE.HEIGHT.gt(place.height()))
                                .and(LATE.HEIGHT.le(upTo)))
                        .orderBy(2, 1)
                        .limit(limit)
                        .offset(place.announced()));
        return sql.with(due)
                .select(
                        EVENT.EVENT_ID,
                        EVENT.STREAM_ID,
                        EVENT.TYPE,
                        EVENT.SCHEMA_VERSION,
                        EVENT.VERSION,
                        EVENT.POSITION,
                        EVENT.PAYLOAD,
                        EVENT.OCCURRED_AT,
                        EVENT.RECORDED_AT)
                .select(SEALED_IN, BLOCK.EVENT_COUNT)
                .from(due)
                .join(EVENT)
                .on(EVENT.POSITION.eq(DUE_POSITION))
                .join(BLOCK)
                .on(BLOCK.HEIGHT.eq(SEALED_IN))
                .orderBy(SEALED_IN, EVENT.POSITION)
                .fetch();
    }

    private static Field<Long> firstBlockThatReaches() {
        return field(select(BLOCK.HEIGHT)
                .from(BLOCK)
                .where(BLOCK.HIGH.ge(EVENT.POSITION))
                .orderBy(BLOCK.HIGH, BLOCK.HEIGHT)
                .limit(1));
    }

    private static List<SealedEvent> placed(Result<? extends Record> rows, Place from) {
        List<SealedEvent> events = new ArrayList<>();
        Place place = from;
        for (Record row : rows) {
            long block = row.get(SEALED_IN);
            int number = place.height() == block - 1 ? place.announced() + 1 : 1;
            place = number == row.get(BLOCK.EVENT_COUNT) ? new Place(block, 0) : new Place(block - 1, number);
            events.add(new SealedEvent(
                    row.get(EVENT.EVENT_ID),
                    row.get(EVENT.STREAM_ID),
                    row.get(EVENT.TYPE),
                    row.get(EVENT.SCHEMA_VERSION),
                    row.get(EVENT.VERSION),
                    row.get(EVENT.POSITION),
                    block,
                    row.get(EVENT.PAYLOAD).data(),
                    row.get(EVENT.OCCURRED_AT),
                    row.get(EVENT.RECORDED_AT),
                    place));
        }
        return events;
    }
}
