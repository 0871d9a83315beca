package io.orderledger.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.ledger.heads.HeadConflict;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.verify.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the exported heads tell, what a trusted head saves, and what goes on beside verification. */
class VerifierIT {
    /** Takes all blocks apart and puts every event back to wait, so that seal makes a new and consistent past. */
    private static final String[] UNSEAL = {
        "delete from ledger.block",
        "delete from ledger.late",
        "delete from ledger.tree_node",
        "delete from ledger.pending",
        "update ledger.sealer set pending_floor = 0",
        "insert into ledger.pending select position from ledger.event"
    };

    /** Computes the digests of all events again, in the order of their versions. */
    private static final String RECOMPUTE = """
            do $$ declare e ledger.event; before bytea; begin
                for e in select * from ledger.event order by version loop
                    select digest into before from ledger.event x where x.stream_id = e.stream_id and x.version = e.version - 1;
                    update ledger.event x set digest = ledger.event_digest(e.position, e.event_id, e.stream_id, e.version, e.type,
                        e.schema_version, e.payload, e.personal_digest, e.metadata, e.occurred_at, e.recorded_at, before)
                    where x.position = e.position;
                end loop;
            end $$""";

    @TempDir
    Path folder;

    private AuditedLedger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = new AuditedLedger(folder);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    @Test
    void a_ledger_that_was_rewritten_as_a_whole_fails_against_any_exported_head() throws Exception {
        ledger.execute("update ledger.event set payload = payload || '{\"amount\":100}'");
        ledger.execute(RECOMPUTE);
        sealAgain();

        assertThat(ledger.verifyWithoutHeads().finding())
                .as("it is consistent in itself")
                .isEmpty();
        assertThat(ledger.verify().finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.HEAD));
        assertThatExceptionOfType(HeadConflict.class)
                .as("and nobody signs it")
                .isThrownBy(() -> ledger.exporter().export());
    }

    @Test
    void the_same_events_sealed_again_fail_against_the_exported_heads() throws Exception {
        sealAgain();

        assertThat(ledger.verifyWithoutHeads().finding()).isEmpty();
        assertThat(ledger.verify().finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.HEAD));
    }

    @Test
    void a_ledger_that_was_cut_off_fails_against_the_exported_heads() throws Exception {
        ledger.execute("delete from ledger.event where position > (select high from ledger.block where height = 3)");
        ledger.execute(
                "delete from ledger.personal_data d where not exists (select from ledger.event e where e.position = d.position)");
        ledger.execute("delete from ledger.pending");
        ledger.execute("delete from ledger.block where height = 4");

        assertThat(ledger.verifyWithoutHeads().finding()).isEmpty();
        assertThat(ledger.verify().finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.HEAD));
        assertThatExceptionOfType(HeadConflict.class)
                .isThrownBy(() -> ledger.exporter().export());
    }

    private void sealAgain() throws Exception {
        for (String statement : UNSEAL) {
            ledger.execute(statement);
        }
        ledger.ledger().seal();
    }

    @Test
    void a_head_that_was_tampered_with_is_named() throws Exception {
        long size = ledger.heads().sizes()[1];
        Path file = folder.resolve("heads").resolve("%019d".formatted(size));
        String note = Files.readString(file);
        Files.delete(file);
        Files.writeString(file, note.replaceFirst("\n" + size + "\n", "\n" + (size + 1) + "\n"));

        assertThat(ledger.verify().finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.SIGNATURE));
    }

    @Test
    void only_what_came_after_a_trusted_head_is_read() throws Exception {
        TreeHead trusted = head(1);
        Verifier verifier = new Verifier(ledger.auditor(), 1, Optional.empty());

        Verification verification = verifier.verifySince(trusted, (done, total) -> {});

        assertThat(verification.finding()).isEmpty();
        assertThat(verification.events()).isEqualTo(1);
        assertThat(verification.height()).isEqualTo(4);
        ledger.execute("update ledger.block set sealed_at = sealed_at + interval '1 hour' where height = 4");
        assertThat(verifier.verifySince(trusted, (done, total) -> {}).finding())
                .hasValueSatisfying(finding -> assertThat(finding.height()).hasValue(4));
    }

    @Test
    void a_trusted_head_that_the_ledger_does_not_know_is_a_finding() throws Exception {
        TreeHead trusted = head(1);
        sealAgain();

        assertThat(new Verifier(ledger.auditor(), 1, Optional.empty())
                        .verifySince(trusted, (done, total) -> {})
                        .finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.HEAD));
    }

    private TreeHead head(int index) {
        return ledger.exporter()
                .verifierKey()
                .open(ledger.heads().get(ledger.heads().sizes()[index]));
    }

    @Test
    void personal_data_may_be_gone_where_the_order_says_that_it_was_erased() throws Exception {
        String order = ledger.strings("select stream_id from ledger.event where personal_digest is not null limit 1")
                .getFirst();
        ledger.append(UUID.fromString(order), "PersonalDataErased", false);
        ledger.execute(
                "delete from ledger.personal_data d using ledger.event e where e.position = d.position and e.stream_id = '"
                        + order + "'");

        assertThat(ledger.verify().finding()).isEmpty();
    }

    @Test
    void appends_and_seals_go_on_meanwhile_and_nothing_is_found() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            UUID order = UUID.randomUUID();
            for (int i = 0; !done.get(); i++) {
                ledger.append(i % 3 == 0 ? order : UUID.randomUUID(), "OrderPlaced", i % 2 == 0);
                if (i % 5 == 0) {
                    ledger.ledger().seal();
                    ledger.exporter().export();
                }
            }
        });
        try {
            long height = 0;
            for (int i = 0; i < 20; i++) {
                Verification verification = ledger.verify();
                assertThat(verification.finding()).isEmpty();
                height = verification.height();
            }
            assertThat(height).isGreaterThan(4);
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void an_empty_ledger_verifies() throws Exception {
        try (var empty = io.orderledger.db.embedded.TemporaryDatabase.create()) {
            Verification verification =
                    new Verifier(empty.as("ledger_auditor"), 1, Optional.empty()).verify((done, total) -> {});

            assertThat(verification).isEqualTo(new Verification(0, 0, 0, 0, Optional.empty()));
        }
    }
}
