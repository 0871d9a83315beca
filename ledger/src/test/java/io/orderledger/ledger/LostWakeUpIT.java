package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LostWakeUpIT {
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);

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
