package io.orderledger.ledger;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static io.orderledger.db.tables.ledger.Tables.PENDING;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import io.orderledger.db.tables.ledger.tables.Event;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * The one rule for which events belong to the ledger as of a block: those with a position up to the highest of the blocks so far, apart
 * from those that were sealed late in a later block, and those that wait to be sealed.
 *
 * <p>What is visible at a height that is sealed never changes, so statements with the same height see the same events whenever they
 * run. The rule has to be evaluated in one statement, that is in one snapshot. See docs/adr/0001.
 */
public final class Visibility {
    private Visibility() {}

    /**
     * Whether an event is visible.
     *
     * @param height number of the newest block that may be seen; nothing is visible at 0, nor at a height that is not sealed yet
     */
    public static Condition isVisible(Event event, long height) {
        return isVisible(event.POSITION, val(height));
    }

    /** As {@link #isVisible(Event, long)}, for an event known by its position, and a height that the statement itself finds out. */
    public static Condition isVisible(Field<Long> position, Field<Long> height) {
        return position.le(high(height))
                .and(notExists(selectOne().from(LATE).where(LATE.POSITION.eq(position), LATE.HEIGHT.gt(height))))
                .and(notExists(selectOne().from(PENDING).where(PENDING.POSITION.eq(position))));
    }

    /** The highest position of the blocks up to a height; null, which compares to nothing, where there is no such block. */
    public static Field<Long> high(long height) {
        return high(val(height));
    }

    private static Field<Long> high(Field<Long> height) {
        return field(select(BLOCK.HIGH).from(BLOCK).where(BLOCK.HEIGHT.eq(height)));
    }
}
