package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.projection.Tables.REBUILD;
import static io.orderledger.db.tables.projection.Tables.REBUILD_CHUNK;
import static io.orderledger.db.tables.projection.Tables.REBUILD_STRADDLER;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.projections.RebuildState.Chunk;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * What a rebuild does with one chunk of positions, each in one transaction that also notes that it is done. Every order is computed once
 * and as a whole: by the chunk that has all of its events, or by the chunk that has its first one, as a straddler.
 */
final class ChunkWork {
    /** How much memory each sort or hash table of a worker may take before it goes to disk; a query has some three of them. */
    private static final String WORK_MEMORY = "128MB";

    /** How many orders are computed in one statement where they are looked up one by one. */
    private static final int ORDERS_PER_STATEMENT = 2_000;

    private static final Field<UUID> ORDER_ID = field(name("order_id"), UUID.class);
    private static final Field<Long> FIRST_POSITION = field(name("first_position"), Long.class);

    private final RebuildState state;
    private final Content content;

    ChunkWork(RebuildState state, Content content) {
        this.state = state;
        this.content = content;
    }

    /**
     * Notes the orders that have their first event in another chunk, in this one and in that one. Events that are not visible count, too: an
     * order that is noted without need is computed all the same.
     */
    void survey(Chunk chunk) {
        transaction(sql -> {
            String projection = state.slot().projection();
            Table<?> straddlers = select(EVENT.STREAM_ID.as(ORDER_ID))
                    .from(EVENT)
                    .where(EVENT.POSITION.between(chunk.from(), chunk.to()))
                    .groupBy(EVENT.STREAM_ID)
                    .having(min(EVENT.VERSION).gt(inline(1)))
                    .asTable("straddlers");
            CommonTableExpression<Record2<UUID, Long>> begunElsewhere = name("begun_elsewhere")
                    .asMaterialized(
                            select(ORDER_ID, firstPosition().as(FIRST_POSITION)).from(straddlers));
            Field<Integer> home = cast(
                    FIRST_POSITION
                            .minus(inline(1L))
                            .div(REBUILD.CHUNK_POSITIONS)
                            .plus(inline(1L)),
                    SQLDataType.INTEGER);
            // In one order for all workers, so that two that note the same order wait for each other and do not block
            // each other.
            sql.with(begunElsewhere)
                    .insertInto(REBUILD_STRADDLER)
                    .columns(
                            REBUILD_STRADDLER.PROJECTION,
                            REBUILD_STRADDLER.CHUNK,
                            REBUILD_STRADDLER.ORDER_ID,
                            REBUILD_STRADDLER.HOME)
                    .select(select(val(projection), val(chunk.number()), ORDER_ID, inline(false))
                            .from(begunElsewhere)
                            .unionAll(select(val(projection), home, ORDER_ID, inline(true))
                                    .from(begunElsewhere)
                                    .join(REBUILD)
                                    .on(REBUILD.PROJECTION.eq(projection)))
                            .orderBy(inline(2), inline(3)))
                    .onConflictDoNothing()
                    .execute();
            state.markDone(sql, REBUILD_CHUNK.SURVEYED, chunk);
        });
    }

    /** A scalar subquery, so that the planner looks the first events up, however many it expects there to be. */
    private static Field<Long> firstPosition() {
        Event first = EVENT.as("first");
        return field(select(first.POSITION)
                .from(first)
                .where(first.STREAM_ID.eq(ORDER_ID))
                .and(first.VERSION.eq(1)));
    }

    /** Computes the orders that have all of their events in the chunk. */
    void fold(Chunk chunk) {
        isolatingWhereNeeded(isolating -> transaction(sql -> {
            if (isolating) {
                addInIsolation(sql, last -> ordersOf(sql, chunk, last));
            } else {
                content.add(sql, state.slot(), scope(chunk));
            }
            state.markDone(sql, REBUILD_CHUNK.FOLDED, chunk);
        }));
    }

    /** Computes the straddlers that are at home in the chunk. */
    void complete(Chunk chunk) {
        isolatingWhereNeeded(isolating -> transaction(sql -> {
            if (isolating) {
                addInIsolation(sql, last -> straddlersOf(sql, chunk, last));
            } else {
                forBatches(
                        last -> straddlersOf(sql, chunk, last),
                        orders -> content.add(sql, state.slot(), new Scope.Orders(orders, state.height())));
            }
            state.markDone(sql, REBUILD_CHUNK.COMPLETED, chunk);
        }));
    }

    /** Tries the orders again that could not be read by an earlier run. */
    void retryFailed() {
        Failures failures = new Failures(state.slot());
        transaction(sql -> {
            forBatches(
                    last -> failures.after(sql, last, ORDERS_PER_STATEMENT),
                    orders -> failures.forget(sql, add(sql, orders)));
        });
    }

    private RestrictedScope.Chunk scope(Chunk chunk) {
        return new RestrictedScope.Chunk(
                state.slot().projection(), chunk.number(), chunk.from(), chunk.to(), state.height());
    }

    private void addInIsolation(DSLContext sql, Function<Optional<UUID>, List<UUID>> ordersAfter) {
        forBatches(ordersAfter, orders -> add(sql, orders));
    }

    /** Returns those that can be read. */
    private List<UUID> add(DSLContext sql, List<UUID> orders) {
        Failures failures = new Failures(state.slot());
        return Isolation.run(
                sql, orders, (savepoint, some) -> add(savepoint, some, state.height()), (outside, order, reason) -> {
                    long since = failures.unreadableSince(
                            outside,
                            order,
                            0,
                            state.height(),
                            (savepoint, height) -> add(savepoint, List.of(order), height));
                    failures.record(outside, order, since, reason);
                });
    }

    private void add(DSLContext sql, List<UUID> orders, long height) {
        content.add(sql, state.slot(), new Scope.Orders(orders, height));
    }

    /** The next orders after one, by ID. */
    private List<UUID> ordersOf(DSLContext sql, Chunk chunk, Optional<UUID> last) {
        return sql.selectDistinct(EVENT.STREAM_ID)
                .from(EVENT)
                .where(scope(chunk).sees(EVENT))
                .and(last.map(EVENT.STREAM_ID::gt).orElse(noCondition()))
                .orderBy(EVENT.STREAM_ID)
                .limit(ORDERS_PER_STATEMENT)
                .fetch(EVENT.STREAM_ID);
    }

    private List<UUID> straddlersOf(DSLContext sql, Chunk chunk, Optional<UUID> last) {
        return sql.select(REBUILD_STRADDLER.ORDER_ID)
                .from(REBUILD_STRADDLER)
                .where(REBUILD_STRADDLER.PROJECTION.eq(state.slot().projection()))
                .and(REBUILD_STRADDLER.CHUNK.eq(chunk.number()))
                .and(REBUILD_STRADDLER.HOME)
                .and(last.map(REBUILD_STRADDLER.ORDER_ID::gt).orElse(noCondition()))
                .orderBy(REBUILD_STRADDLER.ORDER_ID)
                .limit(ORDERS_PER_STATEMENT)
                .fetch(REBUILD_STRADDLER.ORDER_ID);
    }

    private interface Orders {
        void process(List<UUID> orders);
    }

    private static void forBatches(Function<Optional<UUID>, List<UUID>> ordersAfter, Orders work) {
        Optional<UUID> last = Optional.empty();
        while (true) {
            List<UUID> orders = ordersAfter.apply(last);
            if (orders.isEmpty()) {
                return;
            }
            work.process(orders);
            last = Optional.of(orders.getLast());
        }
    }

    /** The settings end with the transaction. They pin a session of RDS Proxy, which is one reason for going to the writer itself. */
    private void transaction(Consumer<DSLContext> work) {
        state.transaction(sql -> {
            sql.execute("set local work_mem = '" + WORK_MEMORY + "'");
            sql.execute("set local jit = off");
            work.accept(sql);
            return true;
        });
    }

    private static void isolatingWhereNeeded(Consumer<Boolean> transaction) {
        CatchUp.isolatingWhereNeeded(isolating -> {
            transaction.accept(isolating);
            return true;
        });
    }
}
