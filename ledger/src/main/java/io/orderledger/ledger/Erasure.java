package io.orderledger.ledger;

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.routines.EraseCustomer;
import io.orderledger.ledger.ErasureStep.Phase;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Erases the personal data of a customer's orders: names, addresses, notes, reasons, who asked. The events stay, and each order whose
 * data is erased gets an event that says so. See docs/privacy.md.
 *
 * <p>Thread-safe if the data source is; its role is {@code ledger_eraser}, its connections are in autocommit mode at READ COMMITTED.
 */
public final class Erasure {
    private final Database database;
    private final Duration maxWait;

    /**
     * @param maxWait how long an erasure waits for transactions that appended before it began
     */
    public Erasure(DataSource dataSource, Duration maxWait) {
        this.database = new Database(dataSource);
        this.maxWait = maxWait;
    }

    /**
     * Erases what occurred up to now. Idempotent; takes steps, each a transaction on a bounded number of events, so it can be cut short at
     * any time and called again. Appends go on meanwhile. When it returns, nothing that the database's tables hold, or will ever be
     * given again by a message from before, is personal data of the customer.
     *
     * @param customerId {@code customer.id} of the orders; one that no order has is remembered all the same, for messages that are
     *     still on their way
     * @param progress is told of each step, on the caller's thread
     * @throws IllegalArgumentException if the customer ID is empty
     * @throws ErasureBlocked if a transaction that appended before does not end in time; end it and call again
     * @throws LedgerUnavailable if the database cannot do it now; call again
     * @throws LedgerFault if the set-up is wrong
     */
    public Erased erase(String customerId, Consumer<ErasureStep> progress) {
        if (customerId.isEmpty()) {
            throw new IllegalArgumentException("There is no customer ID");
        }
        Erased soFar = Erased.NOTHING;
        Deadline patience = Deadline.after(maxWait);
        @Nullable String continueFrom = null;
        while (true) {
            EraseCustomer answer = step(customerId, continueFrom);
            soFar = soFar.plus(answer.getOrders(), answer.getEvents(), answer.getMessages());
            Phase phase = Phase.valueOf(answer.getOutcome());
            progress.accept(new ErasureStep(phase, answer.getReached(), answer.getLast(), soFar));
            if (phase == Phase.DONE) {
                return soFar;
            }
            if (phase == Phase.WAITING && patience.hasPassed()) {
                throw new ErasureBlocked(maxWait);
            }
            continueFrom = answer.getContinueAt();
        }
    }

    private EraseCustomer step(String customerId, @Nullable String continueFrom) {
        return database.statement(sql -> Routines.eraseCustomer(sql.configuration(), customerId, continueFrom));
    }
}
