package io.orderledger.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.verify.Finding.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one value somebody changes who has removed every obstacle: it is found without the exported heads, and its place is named. */
class MutationIT {
    /** The smallest change of each column. A column without one fails the test. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("event.position", "position + 1000"),
            Map.entry("event.event_id", "gen_random_uuid()"),
            Map.entry("event.stream_id", "gen_random_uuid()"),
            Map.entry("event.version", "version + 10"),
            Map.entry("event.type", "type || 'x'"),
            Map.entry("event.schema_version", "schema_version + 1"),
            Map.entry("event.payload", "payload || '{\"amount\":1.50}'"),
            Map.entry("event.personal_digest", "coalesce(sha256(personal_digest), sha256(''))"),
            Map.entry("event.metadata", "metadata || '{\"path\":\"PUT\"}'"),
            Map.entry("event.occurred_at", "occurred_at - interval '1 microsecond'"),
            Map.entry("event.recorded_at", "recorded_at - interval '1 microsecond'"),
            Map.entry("event.digest", "sha256(digest)"),
            Map.entry("block.height", "height + 100"),
            Map.entry("block.high", "high + 1"),
            Map.entry("block.event_count", "event_count + 1"),
            Map.entry("block.sealed_at", "sealed_at + interval '1 microsecond'"),
            Map.entry("block.tree_size", "tree_size + 1"),
            Map.entry("block.root", "sha256(root)"),
            Map.entry("block.frontier", "set_byte(frontier, 0, 255 - get_byte(frontier, 0))"),
            Map.entry("late.position", "position + 1000"),
            Map.entry("late.height", "height + 1"),
            Map.entry("personal_data.position", "position + 1000"),
            Map.entry("personal_data.salt", "sha256(salt)"),
            Map.entry("personal_data.data", "data || '{\"name\":\"Lee\"}'"));

    @TempDir
    static Path folder;

    private static AuditedLedger ledger;

    @BeforeAll
    static void open() throws Exception {
        ledger = new AuditedLedger(folder);
    }

    @AfterAll
    static void close() throws Exception {
        ledger.close();
    }

    @AfterEach
    void restore() throws Exception {
        ledger.restore();
    }

    @Test
    void what_nobody_touched_verifies() throws Exception {
        Verification verification = ledger.verify();

        assertThat(verification.finding()).isEmpty();
        assertThat(verification.height()).isEqualTo(4);
        assertThat(verification.events()).isEqualTo(9);
        assertThat(verification.heads()).isEqualTo(3);
        assertThat(ledger.longs("select count(*) from ledger.late")).containsExactly(2L);
        assertThat(ledger.longs("select count(*) from ledger.pending")).containsExactly(1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "block", "late", "personal_data"})
    void every_column_of_every_row_is_covered(String table) throws Exception {
        List<String> columns = ledger.strings(
                "select column_name from information_schema.columns where table_schema = 'ledger' and table_name = '%s'"
                        .formatted(table));
        List<String> rows = ledger.strings("select ctid from kept." + table);
        assertThat(rows).isNotEmpty();
        for (String column : columns) {
            for (String row : rows) {
                ledger.restore();
                Set<Long> positions = new HashSet<>();
                Set<Long> heights = new HashSet<>();
                places(ledger, table, row, positions, heights);
                change(ledger, table, column, row);

                Optional<Finding> found = ledger.verifyWithoutHeads().finding();

                assertThat(found)
                        .as("%s.%s of the row at %s %s", table, column, positions, heights)
                        .isPresent();
                Finding finding = found.orElseThrow();
                assertThat(isIn(finding.position(), positions) || isIn(finding.height(), heights))
                        .as("%s.%s: %s is at %s or in block %s", table, column, finding, positions, heights)
                        .isTrue();
            }
        }
    }

    /** Changes one value of one row, as little as can be. */
    static void change(AuditedLedger ledger, String table, String column, String row) throws SQLException {
        String change = CHANGES.get(table + "." + column);
        assertThat(change).as("a change of %s.%s", table, column).isNotNull();
        ledger.execute(
                "update ledger.%1$s l set %2$s = %3$s where l::text = (select k::text from kept.%1$s k where k.ctid = '%4$s')"
                        .formatted(table, column, change, row));
    }

    /** Where a row is, or shows: a late event's row is missed in the block of its position, too. */
    static void places(AuditedLedger ledger, String table, String row, Set<Long> positions, Set<Long> heights)
            throws SQLException {
        String at = " from kept." + table + " t where t.ctid = '" + row + "'";
        switch (table) {
            case "event", "personal_data" -> positions.addAll(ledger.longs("select t.position" + at));
            case "block" -> heights.addAll(ledger.longs("select t.height" + at));
            case "late" -> {
                positions.addAll(ledger.longs("select t.position" + at));
                heights.addAll(ledger.longs("select t.height" + at));
            }
            default -> throw new AssertionError(table);
        }
        for (long position : Set.copyOf(positions)) {
            heights.addAll(ledger.longs(
                    "select min(height) from kept.block where high >= %1$d union select height from kept.late where position = %1$d"
                            .formatted(position)));
        }
    }

    private static boolean isIn(OptionalLong place, Set<Long> places) {
        return place.isPresent() && places.contains(place.getAsLong());
    }

    @Test
    void an_event_that_was_taken_away_is_missed() throws Exception {
        for (long position : ledger.longs("select position from kept.event order by position")) {
            ledger.restore();
            ledger.execute("delete from ledger.event where position = " + position);

            assertThat(ledger.verifyWithoutHeads().finding())
                    .as("event %d", position)
                    .isPresent();
        }
    }

    @Test
    void personal_data_that_was_taken_away_is_missed_unless_it_was_erased() throws Exception {
        for (long position : ledger.longs("select position from kept.personal_data")) {
            ledger.restore();
            ledger.execute("delete from ledger.personal_data where position = " + position);

            assertThat(ledger.verifyWithoutHeads().finding())
                    .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.PERSONAL_DATA));
        }
    }

    @Test
    void an_event_that_was_slipped_in_is_found() throws Exception {
        ledger.execute("""
                insert into ledger.event (position, event_id, stream_id, version, type, schema_version, payload, metadata,
                    occurred_at, recorded_at, digest)
                overriding system value
                select p, i, i, 1, 'X', 1, '{}', '{}', t, t,
                    ledger.event_digest(p, i, i, 1, 'X', 1::smallint, '{}', null, '{}', t, t, null)
                from (select -5 as p, gen_random_uuid() as i, now() as t) x""");
        assertThat(ledger.verifyWithoutHeads().finding())
                .as("below every position: in no block")
                .isPresent();
        ledger.execute("update ledger.event set position = 5000 where position = -5");
        assertThat(ledger.verifyWithoutHeads().finding())
                .as("above every block")
                .isPresent();
    }

    @Test
    void two_events_that_changed_places_are_found() throws Exception {
        ledger.execute("""
                update ledger.event e set payload = o.payload || '{"swapped":true}', metadata = o.metadata,
                    digest = ledger.event_digest(e.position, e.event_id, e.stream_id, e.version, e.type, e.schema_version,
                        o.payload || '{"swapped":true}', e.personal_digest, o.metadata, e.occurred_at, e.recorded_at, null)
                from ledger.event o
                where e.position = (select min(position) from ledger.event)
                    and o.position = (select max(position) from ledger.event where version = 1)""");

        assertThat(ledger.verifyWithoutHeads().finding())
                .as("its digest fits its fields, and its block does not fit its digest")
                .hasValueSatisfying(finding -> assertThat(finding.height()).hasValue(1));
    }

    @Test
    void an_event_in_a_block_and_pending_at_once_is_found() throws Exception {
        for (long position : ledger.longs("select position from kept.event except select position from kept.pending")) {
            ledger.restore();
            ledger.execute("insert into ledger.pending values (" + position + ")");

            assertThat(ledger.verifyWithoutHeads().finding())
                    .as("event %d", position)
                    .isPresent();
        }
    }

    @Test
    void personal_data_of_no_event_and_pending_rows_of_no_event_are_found() throws Exception {
        ledger.execute("insert into ledger.personal_data values (7777, sha256(''), '{}')");
        assertThat(ledger.verifyWithoutHeads().finding())
                .hasValueSatisfying(finding -> assertThat(finding.kind()).isEqualTo(Kind.PERSONAL_DATA));
        ledger.restore();
        ledger.execute("insert into ledger.pending values (7777)");
        assertThat(ledger.verifyWithoutHeads().finding())
                .hasValueSatisfying(finding -> assertThat(finding.position()).hasValue(7777));
    }
}
