package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImmutabilityIT {
    private static final List<String> CHANGES = List.of(
            "update ledger.event set type = 'OrderForgotten'",
            "delete from ledger.event",
            "truncate ledger.event",
            "merge into ledger.event e using (select 1) one on true when matched then delete",
            "insert into ledger.event overriding system value select * from ledger.event on conflict (position) do update set type = 'x'",
            "update ledger.block set sealed_at = now()",
            "delete from ledger.block",
            "truncate ledger.block cascade",
            "update ledger.late set height = 1",
            "delete from ledger.late",
            "truncate ledger.late",
            "update ledger.personal_data set data = '{}'",
            "truncate ledger.personal_data",
            "update ledger.duplicate set delivered_at = now()",
            "delete from ledger.duplicate",
            "truncate ledger.duplicate",
            "update ledger.parked_action set reason = 'another'",
            "delete from ledger.parked_action",
            "truncate ledger.parked_action");
    private static final List<String> WAYS = List.of(
            "select 1",
            "set role ledger_owner",
            "set session_replication_role = replica",
            "set session_replication_role = replica; set role ledger_owner");

    private static TemporaryDatabase database;
    private static String before;

    @BeforeAll
    static void open() throws SQLException {
        database = TemporaryDatabase.create();
        Ledger ledger = new Ledger(database.as("ledger_recorder"));
        NewEvent placing = TestEvents.placing();
        ledger.append(placing, ANY);
        ledger.append(placing, ANY);
        ledger.seal();
        before = content();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<Arguments> attempts() {
        return WAYS.stream().flatMap(way -> CHANGES.stream().map(change -> Arguments.of(way, change)));
    }

    @ParameterizedTest(name = "{0}; {1}")
    @MethodSource("attempts")
    void refuses_changes_to_everybody(String way, String change) throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sql.execute(database.asSuperuser(), way, change))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("OL003"));
        assertThat(content()).isEqualTo(before);
    }

    private static String content() throws SQLException {
        return Sql.one(database.asSuperuser(), String.class, """
                select concat(
                    (select array_agg(e order by position) from ledger.event e), (select array_agg(b) from ledger.block b),
                    (select array_agg(l) from ledger.late l), (select array_agg(p) from ledger.personal_data p),
                    (select array_agg(d) from ledger.duplicate d))""");
    }
}
