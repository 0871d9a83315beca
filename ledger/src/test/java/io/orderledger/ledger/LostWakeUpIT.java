package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class LostWakeUpIT {
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /**
     * The narrow case, made wide: the sealer has looked and found nothing, but its transaction is not over, when somebody appends,
     * finds the lock taken and goes away.
     */
    @Test
    void a_sealer_looks_again_after_it_released_the_lock() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create();
                Connection sealing = database.as("ledger_sealer").getConnection()) {
            Ledger other = new Ledger(database.as("ledger_recorder"));
            AtomicInteger found = new AtomicInteger();
            sealing.setAutoCommit(false);
            Ledger sealer = new Ledger(committingAtRelease(sealing, () -> {
                if (found.getAndIncrement() == 0) {
                    other.append(TestEvents.placing(), ANY);
                    assertThat(other.seal()).isEqualTo(new SealResult.Busy());
                }
            }));

            assertThat(sealer.sealAll(Deadline.after(LIMIT))).isTrue();

            assertThat(other.seal()).isEqualTo(new SealResult.NothingPending());
            assertThat(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.block"))
                    .isEqualTo(1);
        }
    }

    /** Each use is a transaction that ends when the connection is given back, after the action has run. */
    private static DataSource committingAtRelease(Connection connection, Runnable action) {
        Connection released = OneConnection.proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                action.run();
                connection.commit();
                return null;
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return OneConnection.proxy(DataSource.class, (proxy, method, arguments) -> released);
    }

    /** In each round the clients race from their appends to the sealer's lock, and nobody comes afterwards to pick up what is left. */
    @Test
    void whoever_finishes_sealing_leaves_nothing_behind() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create();
                OneConnection observing = new OneConnection(database.asSuperuser())) {
            CyclicBarrier begin = new CyclicBarrier(CLIENTS);
            CyclicBarrier end = new CyclicBarrier(CLIENTS);

            List<Integer> leftBehind = Concurrently.run(CLIENTS, client -> () -> {
                int leftInAnyRound = 0;
                try (OneConnection connection = new OneConnection(database.as("ledger_recorder"))) {
                    Ledger ledger = new Ledger(connection.dataSource());
                    for (int round = 0; round < ROUNDS; round++) {
                        begin.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                        ledger.append(TestEvents.placing(), ANY);
                        assertThat(ledger.sealAll(Deadline.after(LIMIT))).isTrue();
                        end.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                        if (client == 0) {
                            leftInAnyRound += Sql.list(
                                            observing.connection(), Long.class, "select position from ledger.pending")
                                    .size();
                        }
                    }
                }
                return leftInAnyRound;
            });

            assertThat(leftBehind).containsOnly(0);
        }
    }
}
