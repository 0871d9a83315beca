package io.orderledger.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.heads.FileHeadSigner;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.proof.ProofCheck.NotProven;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofCheckIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SOURCE = Path.of("src/main/java/io/orderledger/ledger/proof/ProofCheck.java");
    private static final int MAX_LINES = 150;

    @TempDir
    static Path folder;

    private static TemporaryDatabase database;
    private static HeadExporter exporter;
    private static ProofMaker maker;
    private static String key;
    private static List<UUID> events;

    @BeforeAll
    static void open() throws Exception {
        database = TemporaryDatabase.create();
        FolderHeadStore store = new FolderHeadStore(folder.resolve("heads"));
        exporter = new HeadExporter(database.as("ledger_reader"), FileHeadSigner.in(folder.resolve("head-key")), store);
        maker = new ProofMaker(database.as("ledger_reader"), store, exporter.verifierKey());
        key = exporter.verifierKey().toString();
        Ledger ledger = new Ledger(database.as("ledger_recorder"));
        for (int block = 1; block <= 5; block++) {
            append(block * 3);
            ledger.seal();
        }
        exporter.export();
        events = events();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void every_event_is_proven() throws Exception {
        for (UUID event : events) {
            assertThat(ProofCheck.check(maker.prove(event), key))
                    .isEqualTo(
                            new ProofCheck.Proven(event, exporter.verifierKey().name(), 50));
        }
    }

    @Test
    void any_other_value_proves_nothing() throws Exception {
        String proof = maker.prove(events.get(17));
        JsonNode original = JSON.readTree(proof);
        List<String> fields = new ArrayList<>();
        original.path("event").fieldNames().forEachRemaining(fields::add);
        assertThat(fields).hasSize(11);
        for (String field : fields) {
            ObjectNode changed = original.deepCopy();
            ObjectNode event = (ObjectNode) changed.path("event");
            JsonNode value = event.path(field);
            switch (field) {
                case "position", "version", "schemaVersion" -> event.put(field, value.asLong() + 1);
                case "eventId", "orderId" -> event.put(field, new UUID(1, 2).toString());
                case "personalDigest" -> event.put(field, "11".repeat(32));
                case "occurredAt", "recordedAt" -> event.put(field, "2001-01-01T00:00:00Z");
                default -> event.put(field, value.asText() + " ");
            }
            assertNotProven(changed);
        }
        assertNotProven(original.<ObjectNode>deepCopy().put("previousDigest", "22".repeat(32)));
        assertNotProven(original.<ObjectNode>deepCopy()
                .put("leafIndex", original.path("leafIndex").asLong() + 1));
        assertNotProven(original.<ObjectNode>deepCopy().put("leafIndex", -1));
        assertNotProven(original.<ObjectNode>deepCopy().put("format", "order-ledger proof 2"));
        ObjectNode shorter = original.deepCopy();
        ((ArrayNode) shorter.path("path")).remove(0);
        assertNotProven(shorter);
        ObjectNode longer = original.deepCopy();
        ((ArrayNode) longer.path("path")).add("33".repeat(32));
        assertNotProven(longer);
        String head = original.path("head").asText();
        assertNotProven(original.<ObjectNode>deepCopy().put("head", head.replace("\n50\n", "\n51\n")));
        assertNotProven(original.<ObjectNode>deepCopy().put("head", head.substring(0, head.indexOf("\n\n") + 2)));
        assertNotProven(original.<ObjectNode>deepCopy().put("head", ""));
        assertNotProven(JSON.createObjectNode());
    }

    @Test
    void another_key_proves_nothing() throws Exception {
        String proof = maker.prove(events.getFirst());
        String another = new HeadExporter(
                        database.as("ledger_reader"),
                        FileHeadSigner.in(folder.resolve("another-key")),
                        new FolderHeadStore(folder))
                .verifierKey()
                .toString();

        assertThatExceptionOfType(NotProven.class)
                .isThrownBy(() -> ProofCheck.check(proof, another))
                .withMessageContaining("not signed by the key");
        for (String malformed : List.of("", "x", "a+b+c", another.substring(0, another.length() - 9))) {
            assertThatExceptionOfType(NotProven.class).isThrownBy(() -> ProofCheck.check(proof, malformed));
        }
    }

    @Test
    void what_no_head_covers_is_not_provable_yet() throws Exception {
        append(1);
        UUID newest = events().getLast();

        assertThatExceptionOfType(NotProvable.class)
                .isThrownBy(() -> maker.prove(newest))
                .withMessageContaining("no exported tree head");
        assertThatExceptionOfType(NotProvable.class)
                .isThrownBy(() -> maker.prove(new UUID(3, 4)))
                .withMessageContaining("not in the ledger");
    }

    /** Who does not trust us reads it in one sitting. */
    @Test
    void the_check_is_short_and_needs_only_the_jdk_and_a_json_parser() throws Exception {
        List<String> lines = Files.readAllLines(SOURCE);

        assertThat(lines).hasSizeLessThanOrEqualTo(MAX_LINES);
        assertThat(lines.stream().filter(line -> line.startsWith("import ")))
                .allMatch(line -> line.startsWith("import java.") || line.startsWith("import com.fasterxml.jackson."));
        assertThat(lines.stream().filter(line -> line.contains("io.orderledger")))
                .containsExactly("package io.orderledger.ledger.proof;");
    }

    private static void assertNotProven(ObjectNode proof) {
        assertThatExceptionOfType(NotProven.class)
                .as(proof.toString())
                .isThrownBy(() -> ProofCheck.check(proof.toString(), key));
    }

    private static void append(int count) throws SQLException {
        try (Connection connection = database.as("ledger_writer").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    select ledger.append(gen_random_uuid(), '00000000-0000-0000-0000-00000000000%d', 'OrderPlaced', 1::smallint,
                        '{"amount": 1.50, "text": "Ünïcode ✓"}', '{"name": "Lee"}', '{"path": "x"}', now(), null)
                    from generate_series(1, %d)""".formatted(count % 3, count));
        }
    }

    private static List<UUID> events() throws SQLException {
        try (Connection connection = database.asSuperuser().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select event_id from ledger.event order by position")) {
            List<UUID> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
            return ids;
        }
    }
}
