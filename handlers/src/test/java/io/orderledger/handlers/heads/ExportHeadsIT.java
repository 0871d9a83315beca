package io.orderledger.handlers.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadConflict;
import io.orderledger.ledger.heads.UnusableHead;
import io.orderledger.ledger.heads.VerifierKey;
import io.orderledger.ledger.proof.ProofCheck;
import io.orderledger.ledger.proof.ProofMaker;
import io.orderledger.ledger.verify.Finding;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.ledger.verify.Verifier.Exported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The whole way: orders in PostgreSQL, a signature by KMS's protocol, objects by S3's, and a copy of them that an auditor verifies. */
class ExportHeadsIT {
    @TempDir
    private Path folder;

    private FunctionDatabase database;
    private BucketServer bucket;
    private KeyServer key;
    private ExportHeads function;

    @BeforeEach
    void start() {
        database = new FunctionDatabase();
        bucket = new BucketServer();
        key = new KeyServer();
        function = new ExportHeads(environment("heads/"));
    }

    @AfterEach
    void stop() {
        assertThat(bucket.refused()).isEmpty();
        bucket.close();
        key.close();
        database.close();
    }

    @Test
    void exports_what_is_new_and_says_so() {
        assertThat(export().get("exported").booleanValue())
                .as("nothing sealed yet")
                .isFalse();
        place();

        JsonNode first = export();

        assertThat(first.get("exported").booleanValue()).isTrue();
        assertThat(first.get("size").longValue()).isEqualTo(2);
        assertThat(first.get("root").textValue()).matches("[0-9a-f]{64}");
        JsonNode second = export();
        assertThat(second.get("exported").booleanValue()).as("nothing new").isFalse();
        assertThat(second.has("size")).isFalse();
        assertThat(second.get("verifierKey")).isEqualTo(first.get("verifierKey"));
        assertThat(bucket.content().keys()).containsExactly("heads/0000000000000000002", "heads/head-key.pub");
    }

    @Test
    void an_auditor_verifies_the_ledger_with_a_copy_of_the_bucket() throws Exception {
        place();
        export();
        place();
        export();
        copyBucket();

        VerifierKey verifierKey = VerifierKey.parse(Files.readString(folder.resolve("head-key.pub")));
        Verification verification = verify(verifierKey);

        assertThat(verification.finding()).isEmpty();
        assertThat(verification.heads()).isEqualTo(2);
    }

    @Test
    void an_event_is_proven_by_a_head_that_kms_has_signed() throws Exception {
        UUID order = place();
        String verifierKey = export().get("verifierKey").textValue();
        copyBucket();
        UUID event = database.history(order).getFirst().eventId();

        String proof = new ProofMaker(
                        database.server().as("ledger_auditor"),
                        new FolderHeadStore(folder),
                        VerifierKey.parse(verifierKey))
                .prove(event);

        assertThat(ProofCheck.check(proof, verifierKey).eventId()).isEqualTo(event);
    }

    @Test
    void a_ledger_that_was_set_back_is_neither_signed_nor_verified() throws Exception {
        place();
        place();
        export();
        copyBucket();
        VerifierKey verifierKey = VerifierKey.parse(Files.readString(folder.resolve("head-key.pub")));
        setBack();
        List<String> signed = key.calls();

        assertThatExceptionOfType(HeadConflict.class).isThrownBy(this::export);

        assertThat(key.calls()).isEqualTo(signed);
        assertThat(verify(verifierKey).finding().map(Finding::kind)).isPresent();
    }

    @Test
    void a_hidden_head_still_binds() {
        place();
        place();
        export();
        bucket.content().mark("heads/0000000000000000004");
        setBack();

        assertThatExceptionOfType(HeadConflict.class)
                .isThrownBy(() -> Invocation.of(new ExportHeads(environment("heads/")), "{}"));
    }

    @Test
    void exporters_at_once_agree() throws Exception {
        place();
        int exporters = 4;
        CyclicBarrier start = new CyclicBarrier(exporters);
        Callable<JsonNode> exporter = () -> {
            ExportHeads own = new ExportHeads(environment("heads/"));
            start.await();
            return Messages.json(Invocation.of(own, "{}"));
        };

        try (ExecutorService threads = Executors.newFixedThreadPool(exporters)) {
            for (Future<JsonNode> answer : threads.invokeAll(List.of(exporter, exporter, exporter, exporter))) {
                assertThat(answer.get().get("verifierKey")).isNotNull();
            }
        }

        assertThat(bucket.content().keys()).containsExactly("heads/0000000000000000002", "heads/head-key.pub");
        assertThat(bucket.content().versions("heads/0000000000000000002")).isEqualTo(1);
        assertThat(bucket.content().versions("heads/head-key.pub")).isEqualTo(1);
    }

    @Test
    void a_signature_that_does_not_fit_never_gets_out() {
        place();
        key.damage();

        assertThatExceptionOfType(UnusableHead.class).isThrownBy(this::export);

        assertThat(bucket.content().keys()).containsExactly("heads/head-key.pub");
    }

    @Test
    void a_ledger_made_anew_gets_heads_under_a_prefix_of_its_own_only() {
        place();
        export();
        database.execute("alter table ledger.identity disable trigger all;"
                + " update ledger.identity set incarnation = gen_random_uuid()");

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> Invocation.of(new ExportHeads(environment("heads/")), "{}"))
                .withMessageContaining("HeadPrefix");
        Invocation.of(new ExportHeads(environment("heads/2/")), "{}");

        assertThat(bucket.content().keys()).contains("heads/2/0000000000000000002", "heads/2/head-key.pub");
    }

    private UUID place() {
        UUID order = UUID.randomUUID();
        Invocation.of(
                new CreateOrder(database.environment("ledger_recorder")),
                Messages.placement(order, Messages.order()).toString());
        return order;
    }

    /** Takes the newest of two blocks away, as only the database's superuser can. */
    private void setBack() {
        database.execute("alter table ledger.block disable trigger all; delete from ledger.block where height = 2");
    }

    private JsonNode export() {
        return Messages.json(Invocation.of(function, "{}"));
    }

    private Map<String, String> environment(String prefix) {
        Map<String, String> environment = database.environment("ledger_reader");
        environment.put("AWS_ENDPOINT_URL_S3", bucket.endpoint());
        environment.put("AWS_ENDPOINT_URL_KMS", key.endpoint());
        environment.put("HEAD_BUCKET", bucket.bucket());
        environment.put("HEAD_PREFIX", prefix);
        environment.put("HEAD_KEY_ID", key.keyId());
        return environment;
    }

    /** As {@code aws s3 sync} does: the objects below the prefix, in their current version. */
    private void copyBucket() throws IOException {
        for (String object : bucket.content().keys()) {
            Optional<String> current = bucket.content().current(object);
            if (current.isPresent()) {
                Files.writeString(folder.resolve(object.substring("heads/".length())), current.get());
            }
        }
    }

    private Verification verify(VerifierKey verifierKey) {
        PGSimpleDataSource auditor = new PGSimpleDataSource();
        auditor.setServerNames(new String[] {database.server().host()});
        auditor.setPortNumbers(new int[] {database.server().port()});
        auditor.setDatabaseName(database.server().name());
        auditor.setUser("ledger_auditor");
        return new Verifier(auditor, 2, Optional.of(new Exported(new FolderHeadStore(folder), verifierKey)))
                .verify((done, total) -> {});
    }
}
