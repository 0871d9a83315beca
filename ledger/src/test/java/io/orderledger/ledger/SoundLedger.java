package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** What holds in any ledger, whoever wrote into it in whatever way. */
final class SoundLedger {
    private SoundLedger() {}

    /** Seals what is pending, and verifies the ledger; and versions are without gaps, and positions rise with them. */
    static void assertIn(TemporaryDatabase database) throws SQLException {
        new Ledger(database.as("ledger_sealer")).sealAll(Deadline.after(Duration.ofSeconds(60)));
        Verification verification =
                new Verifier(database.as("ledger_auditor"), 1, Optional.empty()).verify((done, total) -> {});
        assertThat(verification.finding()).isEmpty();
        assertThat(verification.events())
                .isEqualTo(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.event"));
        assertThat(Sql.list(database.asSuperuser(), String.class, """
                        select concat_ws(' ', stream_id, version)
                        from (
                            select stream_id, version, position, row_number() over one_stream as due,
                                lag(position) over one_stream as before
                            from ledger.event
                            window one_stream as (partition by stream_id order by version)) e
                        where version <> due or position < before""")).isEmpty();
    }
}
