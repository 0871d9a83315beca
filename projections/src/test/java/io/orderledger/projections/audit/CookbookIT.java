package io.orderledger.projections.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.projections.audit.Cookbook.Example;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What docs/audit.md shows is what its queries print. With {@code -Daudit.write=true} the outputs are written into it, and the head that it
 * quotes.
 */
class CookbookIT {
    private static final Path DOCUMENT = Path.of("../docs/audit.md");
    private static final int QUESTIONS = 20;
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    static Path folder;

    private static ExampleLedger ledger;
    private static Path data;

    @BeforeAll
    static void open() throws Exception {
        data = Files.createDirectories(folder.resolve(".order-ledger"));
        ledger = new ExampleLedger(new FolderHeadStore(data.resolve("heads")));
        Files.writeString(data.resolve("head-key.pub"), ledger.exporter().verifierKey() + "\n");
        if (Boolean.getBoolean("audit.write")) {
            write();
        }
    }

    @AfterAll
    static void close() throws Exception {
        ledger.close();
    }

    static Stream<Example> examples() throws IOException {
        return Cookbook.in(DOCUMENT).examples().stream()
                .filter(example -> example.output().isPresent());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void prints_what_it_shows(Example example) {
        boolean isShell = example.language().equals("sh");
        assumeThat(isShell && example.source().contains("openssl") && !hasOpenssl())
                .as("OpenSSL 3 is needed for the signature, and not installed here")
                .isFalse();

        assertThat(run(example)).isEqualTo(example.shown());
    }

    @Test
    void every_query_shows_its_output() throws Exception {
        List<Example> queries = Cookbook.in(DOCUMENT).examples().stream()
                .filter(example -> example.language().equals("sql"))
                .toList();

        assertThat(queries)
                .hasSizeGreaterThan(QUESTIONS)
                .allSatisfy(
                        query -> assertThat(query.output()).as(query.heading()).isPresent());
    }

    @Test
    void quotes_the_newest_head_of_the_example() throws Exception {
        String[] head = newestHead();

        assertThat(Files.readString(DOCUMENT)).contains("('%s', %s, '%s')".formatted(head[0], head[1], head[2]));
    }

    private static void write() throws IOException {
        String[] head = newestHead();
        Cookbook quoting = new Cookbook(Files.readString(DOCUMENT)
                .replaceAll(
                        "\\('order-ledger/[^']*', [0-9]+, '[^']*'\\)",
                        "('%s', %s, '%s')".formatted(head[0], head[1], head[2]))
                .replaceAll("heads/[0-9]{19}", "heads/" + "%019d".formatted(Long.parseLong(head[1]))));
        Files.writeString(DOCUMENT, quoting.withOutputs(CookbookIT::run));
    }

    /** Origin, size and root. */
    private static String[] newestHead() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("heads"))) {
            return Files.readString(files.sorted().toList().getLast()).split("\n", -1);
        }
    }

    private static String run(Example example) {
        try {
            return example.language().equals("sh") ? shell(example.source()) : query(example.source());
        } catch (SQLException | IOException | InterruptedException e) {
            throw new AssertionError(example.heading(), e);
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = ledger.auditor();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(LIMIT_SECONDS);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return PsqlTable.of(rows);
            }
        }
    }

    private static String shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-euc", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static boolean hasOpenssl() {
        try {
            return shell("openssl version").startsWith("OpenSSL 3");
        } catch (IOException | InterruptedException | AssertionError e) {
            return false;
        }
    }
}
