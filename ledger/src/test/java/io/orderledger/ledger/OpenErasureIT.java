package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Even who has the owner's rights erases only by saying so, and undoes no erasure, unless he takes the triggers away first. */
class OpenErasureIT {
    private static final List<String> CHANGES = List.of(
            "delete from ledger.personal_data",
            "delete from ledger.personal_data where position = (select min(position) from ledger.personal_data)",
            "update ledger.refused set detail = ''",
            "update ledger.refused set message = 'x'",
            "update ledger.refused set message = null, erased_at = now(), reason = 'CONFLICT' where message is not null",
            "update ledger.refused set message = null, erased_at = now(), refused_at = now() where message is not null",
            "update ledger.refused set erased_at = now() where message is null",
            "delete from ledger.refused",
            // Without CASCADE the foreign key of what was done with the messages refuses it first.
            "truncate ledger.refused cascade",
            "update ledger.tombstone set erased_at = erased_at - interval '1 microsecond'",
            "update ledger.tombstone set customer_digest = sha256('')",
            "delete from ledger.tombstone",
            "truncate ledger.tombstone",
            "update ledger.erasure_secret set secret = sha256('')",
            "delete from ledger.erasure_secret",
            "truncate ledger.erasure_secret");
    private static final List<String> WAYS = List.of(
            "set role ledger_owner",
            "set session_replication_role = replica",
            "set session_replication_role = replica; set role ledger_owner");

    private static TemporaryDatabase database;
    private static String before;

    @BeforeAll
    static void open() throws SQLException {
        database = TemporaryDatabase.create();
        Ledger ledger = new Ledger(database.as("ledger_recorder"));
        Customer erased = Customer.anyone();
        Customer kept = Customer.anyone();
        for (Customer customer : List.of(erased, kept)) {
            ledger.append(customer.places(UUID.randomUUID(), NOON), ANY);
            ledger.refuse(customer.refusedPlacing(UUID.randomUUID(), NOON));
        }
        new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(30)).erase(erased.id(), _ -> {});
        UUID order = UUID.randomUUID();
        ledger.append(kept.places(order, NOON), ANY);
        // An event that says so, but of data that came before the one that is there.
        ledger.append(
                new NewEvent(
                        UUID.randomUUID(),
                        order,
                        EventTypes.PERSONAL_DATA_ERASED,
                        (short) 1,
                        TestEvents.json("{'count':1}"),
                        Optional.empty(),
                        TestEvents.json("{}"),
                        NOON.minusSeconds(1)),
                ANY);
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
    void is_all_that_the_triggers_let_through(String way, String change) throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sql.execute(database.asSuperuser(), way, change))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("OL003"));
        assertThat(content()).isEqualTo(before);
    }

    private static String content() throws SQLException {
        return Sql.one(database.asSuperuser(), String.class, """
                select concat(
                    (select array_agg(p order by position) from ledger.personal_data p),
                    (select array_agg(r order by message_digest) from ledger.refused r),
                    (select array_agg(t) from ledger.tombstone t), (select array_agg(s) from ledger.erasure_secret s))""");
    }
}
