package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.time.Duration;

/** Transactions that waited for each other in a circle. The ledger runs the victim again, so a result does not show them. */
final class Deadlocks {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Deadlocks() {}

    /** Asserts that there were none; the sessions of the writing roles have to be over, or end soon: each tells its statistics then. */
    static void assertNoneIn(TemporaryDatabase database) throws SQLException {
        await().atMost(LIMIT)
                .until(() -> Sql.one(
                                database.asSuperuser(),
                                Long.class,
                                "select count(*) from pg_stat_activity where usename like 'ledger%' and datname = ?",
                                database.name())
                        == 0);
        assertThat(Sql.one(
                        database.asSuperuser(),
                        Long.class,
                        "select deadlocks from pg_stat_database where datname = ?",
                        database.name()))
                .isZero();
    }
}
