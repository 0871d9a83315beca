package io.orderledger.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verification in docs/audit.md, as it is printed there, finds what {@link Verifier} finds. */
class SqlVerificationIT {
    private static final Path DOCUMENT = Path.of("../docs/audit.md");
    private static final String CHAPTER = "# Verify with PostgreSQL alone";
    private static final Pattern STATEMENT =
            Pattern.compile("^```sql\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PART =
            Pattern.compile("(with (?:recursive )?part \\(first_(\\w+), last_\\w+\\) as \\(values )\\(.*?\\)\\)");
    private static final Pattern HEADS = Pattern.compile("\\('order-ledger/[^']*', [0-9]+, '[^']*'\\)");
    private static final int STATEMENTS = 5;

    @TempDir
    static Path folder;

    private static AuditedLedger ledger;
    private static Connection auditor;
    private static List<String> statements;

    /**
     * A line that a statement prints.
     *
     * @param place position or height
     */
    private record Line(boolean isPosition, long place, String finding) {}

    @BeforeAll
    static void open() throws Exception {
        ledger = new AuditedLedger(folder);
        auditor = ledger.auditor().getConnection();
        String document = Files.readString(DOCUMENT);
        statements = STATEMENT
                .matcher(document.substring(document.indexOf(CHAPTER)))
                .results()
                .map(statement -> statement.group(1))
                .toList();
    }

    @AfterAll
    static void close() throws Exception {
        auditor.close();
        ledger.close();
    }

    @AfterEach
    void restore() throws Exception {
        ledger.restore();
    }

    @Test
    void calls_no_function_but_those_of_postgresql() {
        assertThat(statements)
                .hasSize(STATEMENTS)
                .allSatisfy(statement -> assertThat(statement)
                        .doesNotContainPattern("\\b(ledger|audit|projection|public)\\.\\w+\\s*\\(")
                        .doesNotContain("audit.", "tree_node"));
    }

    @Test
    void prints_nothing_about_what_nobody_touched() throws Exception {
        assertThat(ledger.verifyWithoutHeads().finding()).isEmpty();
        assertThat(findings()).isEmpty();
    }

    /** Two hundred blocks of 1 to 33 events, so that the tree has every shape at its right edge. */
    @Test
    void follows_a_tree_through_many_shapes() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create();
                Connection superuser = database.asSuperuser().getConnection();
                Statement sealing = superuser.createStatement();
                Connection connection = database.as("ledger_auditor").getConnection()) {
            sealing.execute("""
                    do $$ begin for i in 1 .. 200 loop
                        perform ledger.append(gen_random_uuid(), gen_random_uuid(), 'X', 1::smallint, '{}', null, '{}', now(), null)
                        from generate_series(0, i * 7 % 33);
                        perform ledger.seal(1000);
                    end loop; end $$""");
            for (String statement : statements.subList(0, STATEMENTS - 1)) {
                assertThat(run(connection, statement)).isEmpty();
            }
            sealing.execute("alter table ledger.block disable trigger all");
            sealing.execute("update ledger.block set root = sha256(root) where height in (1, 77, 200)");
            assertThat(run(connection, statements.get(STATEMENTS - 2)))
                    .extracting(Line::place)
                    .containsExactly(1L, 77L, 200L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "block", "late", "personal_data"})
    void finds_a_change_of_any_column_of_any_row_and_names_the_place(String table) throws Exception {
        List<String> columns = ledger.strings(
                "select column_name from information_schema.columns where table_schema = 'ledger' and table_name = '%s'"
                        .formatted(table));
        List<String> rows = ledger.strings("select ctid from kept." + table);
        assertThat(columns).isNotEmpty();
        assertThat(rows).isNotEmpty();
        for (String column : columns) {
            for (String row : rows) {
                ledger.restore();
                Set<Long> positions = new HashSet<>();
                Set<Long> heights = new HashSet<>();
                MutationIT.places(ledger, table, row, positions, heights);
                MutationIT.change(ledger, table, column, row);

                assertThat(findings())
                        .as("%s.%s of the row at %s %s", table, column, positions, heights)
                        .anyMatch(line -> (line.isPosition() ? positions : heights).contains(line.place())
                                || heights.stream()
                                        .anyMatch(
                                                height -> line.finding().startsWith("block " + height + " before it")));
            }
        }
    }

    @Test
    void finds_rows_that_were_taken_away() throws Exception {
        for (String table : List.of("event", "block", "late", "personal_data", "pending")) {
            for (String row : ledger.strings("select ctid from kept." + table)) {
                ledger.restore();
                ledger.execute(
                        "delete from ledger.%1$s l where l::text = (select k::text from kept.%1$s k where k.ctid = '%2$s')"
                                .formatted(table, row));
                assertThat(findings()).as("%s at %s", table, row).isNotEmpty();
            }
        }
    }

    @Test
    void finds_rows_that_were_slipped_in() throws Exception {
        for (String insertion : List.of(
                "insert into ledger.personal_data values (7777, sha256(''), '{}')",
                "insert into ledger.pending values (7777)",
                "insert into ledger.late values (7777, 2)",
                "insert into ledger.late select min(position), 3 from ledger.event",
                eventAt(-5),
                eventAt(5000))) {
            ledger.restore();
            ledger.execute(insertion);

            assertThat(findings()).as(insertion).isNotEmpty();
        }
        for (long position : ledger.longs("select position from kept.event except select position from kept.pending")) {
            ledger.restore();
            ledger.execute("insert into ledger.pending values (" + position + ")");

            assertThat(findings()).as("pending too: event %d", position).isNotEmpty();
        }
    }

    private static String eventAt(long position) {
        return """
                insert into ledger.event (position, event_id, stream_id, version, type, schema_version, payload, metadata,
                    occurred_at, recorded_at, digest)
                overriding system value
                select p, i, i, 1, 'X', 1, '{}', '{}', t, t,
                    ledger.event_digest(p, i, i, 1, 'X', 1::smallint, '{}', null, '{}', t, t, null)
                from (select %d::bigint as p, gen_random_uuid() as i, now() as t) x""".formatted(position);
    }

    /** An altered event with a digest that fits it: only its block's root tells. */
    @Test
    void finds_an_event_that_was_altered_together_with_its_digest() throws Exception {
        ledger.execute("""
                update ledger.event e set payload = '{"amount": 7}',
                    digest = ledger.event_digest(e.position, e.event_id, e.stream_id, e.version, e.type, e.schema_version,
                        '{"amount": 7}', e.personal_digest, e.metadata, e.occurred_at, e.recorded_at, null)
                where e.position = (select x.position from ledger.event x group by x.stream_id, x.position
                    having (select count(*) from ledger.event y where y.stream_id = x.stream_id) = 1 order by 1 limit 1)""");

        assertThat(findings()).extracting(Line::finding).anyMatch(finding -> finding.startsWith("its root"));
    }

    @Test
    void takes_erased_personal_data_for_erased_where_the_order_says_so() throws Exception {
        String order = ledger.strings(
                        "select stream_id from ledger.event e join ledger.personal_data d using (position) where version = 1 limit 1")
                .getFirst();
        ledger.execute(
                "delete from ledger.personal_data d using ledger.event e where e.position = d.position and e.stream_id = '"
                        + order + "'");
        assertThat(findings())
                .extracting(Line::finding)
                .anyMatch(finding -> finding.startsWith("its personal data is gone"));

        ledger.append(UUID.fromString(order), "PersonalDataErased", false);

        assertThat(findings()).isEmpty();
    }

    @Test
    void says_in_parts_what_it_says_of_the_whole() throws Exception {
        ledger.execute("update ledger.event set payload = '{}' where version = 2");
        ledger.execute(
                "update ledger.block set root = sha256(root), event_count = event_count + 1 where height in (1, 3)");
        List<Line> whole = findings();
        List<Line> parts = new ArrayList<>();
        for (String statement : statements.subList(0, STATEMENTS - 1)) {
            Optional<MatchResult> part = PART.matcher(statement).results().findFirst();
            if (part.isEmpty()) {
                parts.addAll(run(statement));
                continue;
            }
            long last = ledger.longs(
                            part.get().group(2).equals("position")
                                    ? "select max(position) from ledger.event"
                                    : "select max(height) from ledger.block")
                    .getFirst();
            for (long i = 1; i <= last; i++) {
                parts.addAll(run(PART.matcher(statement).replaceFirst("$1(%d, %d))".formatted(i, i))));
            }
        }

        assertThat(whole).hasSizeGreaterThan(5);
        assertThat(parts).containsExactlyInAnyOrderElementsOf(whole);
    }

    @Test
    void prints_exported_heads_that_are_not_of_this_ledger() throws Exception {
        assertThat(run(againstExportedHeads())).isEmpty();

        ledger.execute("delete from ledger.block where height = 4");
        ledger.execute("update ledger.block set root = sha256(root) where height = 3");

        assertThat(run(againstExportedHeads()))
                .extracting(Line::finding)
                .containsExactly("the root was another one", "no block ends at its size");

        ledger.restore();
        String foreign = againstExportedHeads().replace("('order-ledger/", "('order-ledger/other-");
        assertThat(run(foreign))
                .extracting(Line::finding)
                .containsOnly("it is of another ledger")
                .hasSize(3);
    }

    private static String againstExportedHeads() throws IOException {
        List<String> heads = new ArrayList<>();
        for (long size : ledger.heads().sizes()) {
            String[] note = ledger.heads().get(size).split("\n", -1);
            heads.add("('%s', %s, '%s')".formatted(note[0], note[1], note[2]));
        }
        assertThat(statements.getLast()).containsPattern(HEADS);
        return HEADS.matcher(statements.getLast()).replaceFirst(heads.stream().collect(Collectors.joining(",")));
    }

    /** All but the exported heads. */
    private static List<Line> findings() throws SQLException {
        List<Line> lines = new ArrayList<>();
        for (String statement : statements.subList(0, STATEMENTS - 1)) {
            lines.addAll(run(statement));
        }
        return lines;
    }

    private static List<Line> run(String sql) throws SQLException {
        return run(auditor, sql);
    }

    private static List<Line> run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            ResultSetMetaData columns = rows.getMetaData();
            List<Line> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(new Line(
                        columns.getColumnName(1).equals("position"), rows.getLong(1), rows.getString("finding")));
            }
            return lines;
        }
    }
}
