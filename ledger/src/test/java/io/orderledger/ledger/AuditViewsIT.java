package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static io.orderledger.ledger.TestEvents.cancellationOf;
import static io.orderledger.ledger.TestEvents.json;
import static io.orderledger.ledger.TestEvents.placingOf;
import static io.orderledger.ledger.TestEvents.withMetadata;
import static io.orderledger.ledger.TestEvents.withOccurredAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.RefusedMessage.Reason;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the views of schema audit say to the auditor, and what they read for it. */
class AuditViewsIT {
    private TemporaryDatabase database;
    private Ledger ledger;
    private DataSource auditor;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_recorder"));
        auditor = database.as("ledger_auditor");
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Each row's values, but for nulls, with spaces between. */
    private List<String> lines(String query) throws SQLException {
        try (Connection connection = auditor.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                StringJoiner line = new StringJoiner(" ");
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    if (rows.getString(i) != null) {
                        line.add(rows.getString(i));
                    }
                }
                lines.add(line.toString());
            }
            return lines;
        }
    }

    @Test
    void history_tells_who_by_which_path_and_under_which_block_and_tree_head() throws Exception {
        UUID order = UUID.randomUUID();
        ledger.append(placingOf(order), ANY);
        ledger.seal();
        ledger.append(cancellationOf(order), ANY);

        assertThat(lines(
                        "select version, what, who, personal_data, path, request_id, block, tree_size from audit.order_history"
                                + " where order_id = '" + order + "' order by version"))
                .containsExactly("1 OrderPlaced till-1 KEPT POST /orders r-1 1 2", "2 OrderCancelled NONE");
        assertThat(
                        lines(
                                "select tree_head, digest, delay = recorded_at - occurred_at from audit.order_history where version = 1"))
                .isEqualTo(
                        lines(
                                "select encode(root, 'hex'), encode(digest, 'hex'), true from ledger.block, ledger.event where version = 1"));
    }

    @Test
    void history_agrees_with_the_tree_about_every_events_block() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (Connection slow = database.as("ledger_writer").getConnection();
                    Statement statement = slow.createStatement()) {
                slow.setAutoCommit(false);
                statement.execute(
                        "select ledger.append(gen_random_uuid(), gen_random_uuid(), 'OrderPlaced', 1::smallint, '{}', null,"
                                + " '{}', now(), null)");
                ledger.append(placingOf(UUID.randomUUID()), ANY);
                ledger.seal();
                slow.commit();
            }
            ledger.append(placingOf(UUID.randomUUID()), ANY);
        }

        assertThat(lines("select count(*) from ledger.late")).containsExactly("3");
        assertThat(lines("select position, block from audit.order_history order by position"))
                .hasSize(12)
                .isEqualTo(lines("""
                        select e.position, leaf.height
                        from ledger.event e
                        left join (
                            select b.height, l.position
                            from ledger.block b cross join lateral ledger.block_leaves(b.height, b.height) l) leaf
                            on leaf.position = e.position
                        order by 1"""));
    }

    @Test
    void history_tells_erased_data_from_data_that_never_came() throws Exception {
        UUID order = UUID.randomUUID();
        ledger.append(placingOf(order), ANY);
        new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(30)).erase("lee", _ -> {});
        ledger.append(placingOf(order), ANY);
        ledger.append(cancellationOf(order), ANY);
        ledger.append(withOccurredAt(placingOf(order), Instant.now().truncatedTo(ChronoUnit.MICROS)), ANY);

        assertThat(lines("select version, what, who, personal_data from audit.order_history order by version"))
                .containsExactly(
                        "1 OrderPlaced ERASED",
                        "2 PersonalDataErased NONE",
                        "3 OrderPlaced DROPPED",
                        "4 OrderCancelled NONE",
                        "5 OrderPlaced till-1 KEPT");
        assertThat(lines("select a.erased_at = b.recorded_at from audit.order_history a, audit.order_history b"
                        + " where a.version = 1 and b.version = 2"))
                .containsExactly("t");
        assertThat(lines("select order_id, version, events_erased, path from audit.erasures"))
                .containsExactly(order + " 2 1 ledger.erase_customer");
    }

    @Test
    void one_orders_history_is_looked_up_however_long_the_ledger_is() throws Exception {
        Sql.execute(database.asSuperuser(), """
                do $$ begin for i in 1 .. 200 loop
                    perform ledger.append(gen_random_uuid(), gen_random_uuid(), 'OrderPlaced', 1::smallint, '{}', '{"principal": "x"}',
                        '{}', now(), null) from generate_series(1, 20);
                    perform ledger.seal(20);
                end loop; end $$""", "vacuum analyze");
        UUID order = Sql.list(auditor, UUID.class, "select stream_id from ledger.event limit 1")
                .getFirst();

        for (String query : List.of(
                "select * from audit.order_history where order_id = '" + order + "'",
                "select * from audit.erasures where order_id = '" + order + "'",
                "select * from audit.orders_as_of(height => 100) where order_id = '" + order + "'",
                "select * from audit.orders_as_of(at => now()) where order_id = '" + order + "'",
                "select * from audit.order_history where position between 100 and 110",
                "select * from audit.unsealed",
                "select * from audit.duplicates",
                "select * from audit.conflicts")) {
            assertThat(String.join("\n", Sql.list(auditor, String.class, "explain " + query)))
                    .as(query)
                    .contains("Index")
                    .doesNotContain("Seq Scan on event", "Seq Scan on personal_data");
        }
    }

    @Test
    void late_arrivals_are_those_beyond_a_limit() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        ledger.append(withOccurredAt(placingOf(UUID.randomUUID()), now.minus(2, ChronoUnit.HOURS)), ANY);
        ledger.append(withOccurredAt(placingOf(UUID.randomUUID()), now.minus(10, ChronoUnit.MINUTES)), ANY);
        ledger.append(withOccurredAt(placingOf(UUID.randomUUID()), now), ANY);

        assertThat(lines("select version, what, path, delay > '2 hours' from audit.late_arrivals"))
                .containsExactly("1 OrderPlaced POST /orders t");
        assertThat(lines("select 1 from audit.late_arrivals('5 minutes')")).hasSize(2);
        assertThat(lines("select 1 from audit.late_arrivals('3 hours')")).isEmpty();
    }

    @Test
    void duplicates_conflicts_and_refusals_tell_what_was_delivered() throws Exception {
        NewEvent placing = placingOf(UUID.randomUUID());
        ledger.append(placing, ANY);
        ledger.append(withMetadata(placing, json("{'path':'POST /orders','requestId':'r-2'}")), ANY);
        byte[] message = "{\"other\":\"ü\"}".getBytes(StandardCharsets.UTF_8);
        UUID unknown = UUID.randomUUID();
        ledger.refuse(new RefusedMessage(
                Optional.of(placing.eventId()),
                Optional.of(unknown),
                Reason.CONFLICT,
                "other content",
                "Queue",
                message));
        ledger.refuse(new RefusedMessage(
                Optional.empty(), Optional.empty(), Reason.INVALID, "no object", "Queue", new byte[] {(byte) 0xff}));

        assertThat(lines(
                        "select order_id, event_id, recorded_path, delivered_path, request_id, delivered_again_at > recorded_at"
                                + " from audit.duplicates"))
                .containsExactly(placing.streamId() + " " + placing.eventId() + " POST /orders POST /orders r-2 t");
        assertThat(lines(
                        "select delivered_order_id, recorded_order_id, recorded_what, delivered_path, convert_from(message, 'UTF8')"
                                + " from audit.conflicts"))
                .containsExactly(unknown + " " + placing.streamId() + " OrderPlaced Queue {\"other\":\"ü\"}");
        assertThat(
                        lines(
                                "select reason, detail, path, encode(message, 'hex') from audit.refusals where reason = 'INVALID'"))
                .containsExactly("INVALID no object Queue ff");
        assertThat(lines("select 1 from audit.refusals")).hasSize(2);
    }

    @Test
    void gaps_are_normal_among_positions_alone() throws Exception {
        for (int i = 0; i < 3; i++) {
            UUID order = UUID.randomUUID();
            ledger.append(placingOf(order), ANY);
            ledger.append(cancellationOf(order), ANY);
            ledger.append(cancellationOf(order), ANY);
            ledger.seal();
        }
        assertThat(lines("select 1 from audit.gaps")).isEmpty();
        try (Connection abandoned = database.as("ledger_writer").getConnection();
                Statement statement = abandoned.createStatement()) {
            abandoned.setAutoCommit(false);
            statement.execute(
                    "select ledger.append(gen_random_uuid(), gen_random_uuid(), 'X', 1::smallint, '{}', null, '{}', now(), null)"
                            + " from generate_series(1, 2)");
            abandoned.rollback();
        }
        ledger.append(placingOf(UUID.randomUUID()), ANY);
        assertThat(lines("select kind, is_normal, last_missing - first_missing + 1 from audit.gaps"))
                .containsExactly("POSITION t 2");

        UUID broken = Sql.list(auditor, UUID.class, "select stream_id from ledger.event order by position limit 1")
                .getFirst();
        Sql.execute(
                database.asSuperuser(),
                "alter table ledger.event disable trigger all",
                "alter table ledger.block disable trigger all",
                "delete from ledger.event where stream_id = '" + broken + "' and version < 3",
                "delete from ledger.block where height in (1, 2)");

        assertThat(
                        lines(
                                "select kind, order_id, first_missing, last_missing from audit.gaps where not is_normal order by kind"))
                .containsExactly("HEIGHT 1 2", "VERSION " + broken + " 1 2");
    }

    @Test
    void unsealed_is_what_no_block_has_yet() throws Exception {
        NewEvent placing = placingOf(UUID.randomUUID());
        ledger.append(placing, ANY);

        assertThat(lines("select order_id, event_id, what, waiting >= '0' from audit.unsealed"))
                .containsExactly(placing.streamId() + " " + placing.eventId() + " OrderPlaced t");
        ledger.seal();
        assertThat(lines("select 1 from audit.unsealed")).isEmpty();
    }

    @Test
    void the_height_at_a_time_is_that_of_the_newest_block_by_then() throws Exception {
        assertThat(lines("select audit.height_at(now())")).containsExactly("0");
        for (int i = 0; i < 13; i++) {
            ledger.append(withOccurredAt(placingOf(UUID.randomUUID()), NOON), ANY);
            ledger.seal();
        }

        assertThat(lines("""
                select at, audit.height_at(at), (select coalesce(max(height), 0) from ledger.block where sealed_at <= at)
                from (
                    select sealed_at + i * interval '1 microsecond' as at from ledger.block, generate_series(-1, 1) i
                    union all select '-infinity' union all select 'infinity') times
                where audit.height_at(at) is distinct from (select coalesce(max(height), 0) from ledger.block where sealed_at <= at)""")).isEmpty();
        assertThat(lines("select audit.height_at('infinity')")).containsExactly("13");
        assertThat(lines("select audit.height_at(null) is null")).containsExactly("t");
    }
}
