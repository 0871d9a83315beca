package io.orderledger.projections;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * Finds, among many orders, those that cannot be read: what fails for all of them is undone and done for each half, down to single
 * orders. Each attempt has a savepoint of its own, in the caller's transaction.
 */
final class Isolation {
    private final Work work;
    private final LeaveOut leaveOut;
    private final List<UUID> readable = new ArrayList<>();

    /** What is to be done for some orders. */
    interface Work {
        void on(DSLContext sql, List<UUID> orders);
    }

    /** What is to be done for an order that the work failed for. */
    interface LeaveOut {
        void order(DSLContext sql, UUID order, String reason);
    }

    private Isolation(Work work, LeaveOut leaveOut) {
        this.work = work;
        this.leaveOut = leaveOut;
    }

    /** Returns the orders that the work was done for. */
    static List<UUID> run(DSLContext sql, List<UUID> orders, Work work, LeaveOut leaveOut) {
        Isolation isolation = new Isolation(work, leaveOut);
        if (!orders.isEmpty()) {
            isolation.attempt(sql, orders);
        }
        return isolation.readable;
    }

    private void attempt(DSLContext sql, List<UUID> orders) {
        try {
            sql.transaction(savepoint -> work.on(DSL.using(savepoint), orders));
            readable.addAll(orders);
        } catch (DataAccessException e) {
            if (!DataFailure.isOne(e)) {
                throw e;
            }
            if (orders.size() == 1) {
                leaveOut.order(sql, orders.getFirst(), DataFailure.reason(e));
                return;
            }
            int middle = orders.size() / 2;
            attempt(sql, orders.subList(0, middle));
            attempt(sql, orders.subList(middle, orders.size()));
        }
    }
}
