package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.projections.ProjectionCheck.ORDERS_PER_BATCH;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.Database;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.SelectLimitPercentStep;

/** Which orders a check compares, some at a time. */
final class CheckBatches {
    private static final Field<UUID> ORDER_ID = field(name("order_id"), UUID.class);

    private CheckBatches() {}

    /** Orders of which a batch consists. */
    record Batch(List<UUID> orders) {
        Batch {
            orders = List.copyOf(orders);
        }

        List<Batch> halves() {
            int middle = orders.size() / 2;
            return List.of(new Batch(orders.subList(0, middle)), new Batch(orders.subList(middle, orders.size())));
        }
    }

    /** Every order that is in the ledger or in the table. */
    static Iterator<Batch> all(Database database, OrderProjection projection) {
        return walk(last -> {
            Slot slot = Comparison.liveSlot(database, projection);
            return database.statement(sql -> next(sql, slot, projection, after(last), ORDERS_PER_BATCH));
        });
    }

    /** Every order that is in the ledger. */
    static Iterator<Batch> ofLedger(Database database) {
        return walk(last -> database.statement(
                sql -> sql.fetch(ofLedger(after(last), ORDERS_PER_BATCH)).getValues(ORDER_ID)));
    }

    /** The orders that follow places drawn at random: fair as long as the IDs are. */
    static Iterator<Batch> sample(Database database, OrderProjection projection, int orders, Random random) {
        return new Iterator<>() {
            private int left = orders;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Slot slot = Comparison.liveSlot(database, projection);
                Set<UUID> drawn = new LinkedHashSet<>();
                for (int i = Math.min(left, ORDERS_PER_BATCH); i > 0; i--) {
                    Function<Field<UUID>, Condition> from = from(new UUID(random.nextLong(), random.nextLong()));
                    drawn.addAll(database.statement(sql -> CheckBatches.next(sql, slot, projection, from, 1)));
                    left--;
                }
                return new Batch(List.copyOf(drawn));
            }
        };
    }

    private static Iterator<Batch> walk(Function<Optional<UUID>, List<UUID>> ordersAfter) {
        return new Iterator<>() {
            private List<UUID> ahead = ordersAfter.apply(Optional.empty());

            @Override
            public boolean hasNext() {
                return !ahead.isEmpty();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Batch batch = new Batch(new ArrayList<>(ahead));
                ahead = ordersAfter.apply(Optional.of(batch.orders().getLast()));
                return batch;
            }
        };
    }

    /** By the database's order of UUIDs, which is not Java's. */
    private static List<UUID> next(
            DSLContext sql, Slot slot, OrderProjection projection, Function<Field<UUID>, Condition> which, int limit) {
        Select<Record1<UUID>> ofTable = select(projection.orderId().as(ORDER_ID))
                .from(slot.table())
                .where(which.apply(projection.orderId()))
                .orderBy(projection.orderId())
                .limit(limit);
        return sql.fetch(
                        ofLedger(which, limit).union(ofTable).orderBy(inline(1)).limit(limit))
                .getValues(ORDER_ID);
    }

    private static SelectLimitPercentStep<Record1<UUID>> ofLedger(Function<Field<UUID>, Condition> which, int limit) {
        return select(EVENT.STREAM_ID.as(ORDER_ID))
                .from(EVENT)
                .where(EVENT.VERSION.eq(1))
                .and(which.apply(EVENT.STREAM_ID))
                .orderBy(EVENT.STREAM_ID)
                .limit(limit);
    }

    private static Function<Field<UUID>, Condition> after(Optional<UUID> last) {
        return order -> last.map(order::gt).orElse(noCondition());
    }

    private static Function<Field<UUID>, Condition> from(UUID place) {
        return order -> order.ge(place);
    }
}
