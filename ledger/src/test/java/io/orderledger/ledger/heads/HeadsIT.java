package io.orderledger.ledger.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.Digest;
import io.orderledger.ledger.Ledger;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadsIT {
    private static final String APPEND =
            "select ledger.append(gen_random_uuid(), gen_random_uuid(), 'X', 1::smallint, '{}', null, '{}', now(), null)";

    @TempDir
    Path folder;

    private TemporaryDatabase database;
    private Ledger ledger;
    private FileHeadSigner signer;
    private FolderHeadStore store;
    private HeadExporter exporter;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_sealer"));
        signer = FileHeadSigner.in(folder.resolve("head-key"));
        store = new FolderHeadStore(folder.resolve("heads"));
        exporter = new HeadExporter(database.as("ledger_reader"), signer, store);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void exports_a_head_when_there_is_something_new() throws Exception {
        assertThat(exporter.export()).as("nothing sealed yet").isEmpty();
        appendAndSeal();

        TreeHead head = exporter.export().orElseThrow();

        assertThat(head.size()).isEqualTo(2);
        assertThat(exporter.export()).as("nothing new").isEmpty();
        appendAndSeal();
        assertThat(exporter.export().orElseThrow().size()).isEqualTo(4);
        assertThat(store.sizes()).containsExactly(2, 4);
        assertThat(exporter.verifierKey().open(store.get(2))).isEqualTo(head);
        try (Stream<Path> files = Files.list(folder.resolve("heads"))) {
            assertThat(files).as("no passing files are left").hasSize(2);
        }
    }

    /** Reads the note by the words of the C2SP specifications, with nothing but the JDK. */
    @Test
    void writes_the_format_of_tlog_checkpoint_and_signed_note() throws Exception {
        appendAndSeal();
        TreeHead head = exporter.export().orElseThrow();

        List<String> lines = List.of(store.get(2).split("\n", -1));

        assertThat(lines).hasSize(6);
        String origin = lines.get(0);
        assertThat(origin).matches("order-ledger/orders/[0-9a-f-]{36}");
        assertThat(lines.get(1)).isEqualTo("2");
        assertThat(Digest.of(Base64.getDecoder().decode(lines.get(2)))).isEqualTo(head.root());
        assertThat(lines.get(3)).isEmpty();
        assertThat(lines.get(5)).isEmpty();
        String[] signature = lines.get(4).split(" ");
        assertThat(signature).hasSize(3);
        assertThat(signature[0]).isEqualTo("\u2014");
        assertThat(signature[1]).isEqualTo(origin);
        byte[] identified = Base64.getDecoder().decode(signature[2]);
        assertThat(identified).hasSize(4 + 64);
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(signer.publicKey());
        ed25519.update(
                (lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2) + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(ed25519.verify(identified, 4, 64)).isTrue();
        assertThat(exporter.verifierKey().toString()).startsWith(origin + "+");
    }

    /** The example that the specification of signed-note gives. */
    @Test
    void reads_a_verifier_key_of_others() {
        String known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

        assertThat(VerifierKey.parse(known).toString()).isEqualTo(known);
        assertThatIllegalArgumentException().isThrownBy(() -> VerifierKey.parse(known.replace("c74f20a3", "c74f20a4")));
        assertThatIllegalArgumentException().isThrownBy(() -> VerifierKey.parse("x"));
    }

    @Test
    void never_keeps_two_heads_of_one_size() {
        store.put(7, "one");
        store.put(7, "one");

        assertThatExceptionOfType(HeadConflict.class).isThrownBy(() -> store.put(7, "another"));
        assertThat(store.get(7)).isEqualTo("one");
        assertThatIllegalArgumentException().isThrownBy(() -> store.get(8));
    }

    @Test
    void two_exporters_of_one_ledger_agree() throws Exception {
        appendAndSeal();
        HeadExporter other = new HeadExporter(
                database.as("ledger_auditor"),
                FileHeadSigner.in(folder.resolve("head-key")),
                new FolderHeadStore(folder.resolve("other")));

        exporter.export();
        other.export();

        assertThat(new FolderHeadStore(folder.resolve("other")).get(2)).isEqualTo(store.get(2));
    }

    @Test
    void nothing_is_exported_beside_heads_of_another_key() throws Exception {
        appendAndSeal();
        exporter.export();
        appendAndSeal();

        assertThatExceptionOfType(UnusableHead.class)
                .isThrownBy(() -> new HeadExporter(
                                database.as("ledger_reader"), FileHeadSigner.in(folder.resolve("another-key")), store)
                        .export());
        assertThat(store.sizes()).containsExactly(2);
    }

    @Test
    void the_key_is_its_owners_alone_and_stays_the_same() throws Exception {
        Path file = folder.resolve("head-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(FileHeadSigner.in(file).publicKey()).isEqualTo(signer.publicKey());
    }

    @Test
    void a_damaged_key_file_is_named_without_its_content() throws Exception {
        Path file = folder.resolve("damaged");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> FileHeadSigner.in(file))
                .withMessageContaining(file.toString())
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("c2VjcmV0"));
    }

    private void appendAndSeal() throws Exception {
        try (Connection connection = database.as("ledger_writer").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(APPEND);
        }
        ledger.seal();
    }
}
