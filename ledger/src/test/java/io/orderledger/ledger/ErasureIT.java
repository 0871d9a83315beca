package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an erasure takes away and what it leaves. Every test has customers of its own. */
class ErasureIT {
    private static TemporaryDatabase database;
    private static Ledger ledger;
    private static Ledger reader;

    private final Customer lee = Customer.anyone();
    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_recorder"));
        reader = new Ledger(database.as("ledger_reader"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @AfterEach
    void personal_data_is_missing_only_where_an_event_says_so() throws SQLException {
        assertThat(PersonalData.faults(database.asSuperuser())).isEmpty();
    }

    @Test
    void erases_what_came_with_placings_and_cancellations_and_says_so_in_each_order() throws Exception {
        UUID second = UUID.randomUUID();
        ledger.append(lee.places(order, NOON), ANY);
        ledger.append(lee.cancels(order, NOON.plusSeconds(1)), ANY);
        ledger.append(lee.places(second, NOON), ANY);
        assertThat(tablesWithSecretOf(lee)).containsExactly("audit.order_history", "ledger.personal_data");

        Erased erased = erase(lee);

        assertThat(erased).isEqualTo(new Erased(2, 3, 0));
        assertThat(tablesWithSecretOf(lee)).isEmpty();
        List<RecordedEvent> history = reader.history(order);
        assertThat(history)
                .extracting(RecordedEvent::type)
                .containsExactly(EventTypes.ORDER_PLACED, EventTypes.ORDER_CANCELLED, EventTypes.PERSONAL_DATA_ERASED);
        assertThat(history).allSatisfy(event -> assertThat(event.personalData()).isEmpty());
        assertThat(history.getLast().payload()).isEqualTo(TestEvents.json("{'count':2}"));
        assertThat(reader.history(second)).hasSize(2);
    }

    @Test
    void leaves_everybody_else_alone() {
        Customer kim = Customer.anyone();
        NewEvent placing = kim.places(UUID.randomUUID(), NOON);
        ledger.append(placing, ANY);
        ledger.append(lee.places(order, NOON), ANY);
        ledger.refuse(kim.refusedPlacing(UUID.randomUUID(), NOON));

        erase(lee);

        assertThat(reader.history(placing.streamId()))
                .singleElement()
                .satisfies(event -> assertThat(event.personalData()).isEqualTo(placing.personalData()));
        assertThat(erase(kim)).isEqualTo(new Erased(1, 1, 1));
    }

    @Test
    void repeating_it_writes_nothing() throws Exception {
        ledger.append(lee.places(order, NOON), ANY);
        erase(lee);
        List<RecordedEvent> before = reader.history(order);

        Erased again = erase(lee);

        assertThat(again).isEqualTo(new Erased(0, 0, 0));
        assertThat(reader.history(order)).isEqualTo(before);
    }

    @Test
    void reaches_into_refused_messages_however_broken_they_are() throws Exception {
        ledger.append(lee.places(order, NOON), ANY);
        ledger.refuse(lee.refusedPlacing(UUID.randomUUID(), NOON));
        ledger.refuse(lee.refusedCancellation(order, NOON));
        ledger.refuse(lee.refused(
                UUID.randomUUID(), "{\"customerId\":\"%s\",\"name\":\"%s\"}".formatted(lee.id(), lee.secret())));
        ledger.refuse(
                lee.refused(UUID.randomUUID(), "{\"id\":\"%s\", \"%s\" cut off".formatted(lee.id(), lee.secret())));
        ledger.refuse(lee.refused(
                UUID.randomUUID(), "{\"id\":\"%s\",\"a\":\"\\u0000\",\"%s\":1}".formatted(lee.id(), lee.secret())));
        ledger.refuse(lee.refused(UUID.randomUUID(), "\0\"%s\" \"%s\"".formatted(lee.id(), lee.secret())));
        assertThat(tablesWithSecretOf(lee))
                .containsExactly(
                        "audit.order_history",
                        "audit.refusals",
                        "ledger.parked",
                        "ledger.personal_data",
                        "ledger.refused");

        Erased erased = erase(lee);

        assertThat(erased).isEqualTo(new Erased(1, 1, 6));
        assertThat(tablesWithSecretOf(lee)).isEmpty();
        assertThat(Sql.one(
                        database.as("ledger_auditor"),
                        Boolean.class,
                        "select message is null and erased_at is not null and reason = 'INVALID' and length(message_digest) = 32"
                                + " from ledger.refused where stream_id = ?",
                        order))
                .isTrue();
    }

    @Test
    void keeps_data_that_came_after_it() throws Exception {
        ledger.append(lee.places(order, NOON), ANY);
        erase(lee);
        NewEvent later = lee.places(UUID.randomUUID(), Instant.now().plusSeconds(60));

        ledger.append(later, ANY);
        ledger.refuse(lee.refusedPlacing(UUID.randomUUID(), Instant.now().plusSeconds(60)));

        assertThat(reader.history(later.streamId()))
                .singleElement()
                .satisfies(event -> assertThat(event.personalData()).isEqualTo(later.personalData()));
        assertThat(tablesWithSecretOf(lee))
                .containsExactly(
                        "audit.order_history",
                        "audit.refusals",
                        "ledger.parked",
                        "ledger.personal_data",
                        "ledger.refused");
    }

    @Test
    void a_second_erasure_erases_what_came_after_the_first() throws Exception {
        ledger.append(lee.places(order, NOON), ANY);
        erase(lee);
        ledger.append(lee.cancels(order, Instant.now()), ANY);

        Erased erased = erase(lee);

        assertThat(erased).isEqualTo(new Erased(1, 1, 0));
        assertThat(reader.history(order))
                .extracting(RecordedEvent::type)
                .containsExactly(
                        EventTypes.ORDER_PLACED,
                        EventTypes.PERSONAL_DATA_ERASED,
                        EventTypes.ORDER_CANCELLED,
                        EventTypes.PERSONAL_DATA_ERASED);
        assertThat(tablesWithSecretOf(lee)).isEmpty();
    }

    @Test
    void goes_on_where_it_was_cut_short() throws Exception {
        int orders = 450;
        for (int i = 0; i < orders; i++) {
            ledger.append(lee.places(UUID.randomUUID(), NOON), ANY);
        }
        List<Erased> steps = new ArrayList<>();

        assertThatExceptionOfType(CutShort.class)
                .isThrownBy(() -> erasure().erase(lee.id(), step -> {
                    steps.add(step.soFar());
                    if (step.soFar().orders() > 0) {
                        throw new CutShort();
                    }
                }));
        long doneBefore = steps.getLast().orders();
        Erased rest = erase(lee);

        assertThat(doneBefore).isBetween(1L, orders - 1L);
        assertThat(rest.orders()).isEqualTo(orders - doneBefore);
        assertThat(tablesWithSecretOf(lee)).isEmpty();
    }

    @Test
    void two_at_once_erase_each_order_once() throws Exception {
        for (int i = 0; i < 50; i++) {
            ledger.append(lee.places(UUID.randomUUID(), NOON), ANY);
        }

        List<Erased> erased = Concurrently.run(3, _ -> () -> erase(lee));

        assertThat(erased.stream().mapToLong(Erased::orders).sum()).isEqualTo(50);
        assertThat(Sql.one(
                        database.asSuperuser(),
                        Long.class,
                        "select count(*) from ledger.event e where type = 'PersonalDataErased' and exists (select from ledger.event p"
                                + " where p.stream_id = e.stream_id and p.payload #>> '{customer,id}' = ?)",
                        lee.id()))
                .isEqualTo(50);
    }

    @Test
    void is_remembered_without_the_customers_name_for_messages_on_their_way() throws Exception {
        Erased erased = erase(lee);

        assertThat(erased).isEqualTo(new Erased(0, 0, 0));
        assertThat(PersonalData.tablesWith(database.asSuperuser(), lee.id())).isEmpty();
        ledger.append(lee.places(order, NOON), ANY);
        assertThat(tablesWithSecretOf(lee)).isEmpty();
    }

    private static Erased erase(Customer customer) {
        return erasure().erase(customer.id(), _ -> {});
    }

    private static Erasure erasure() {
        return new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(30));
    }

    private static List<String> tablesWithSecretOf(Customer customer) throws SQLException {
        return PersonalData.tablesWith(database.asSuperuser(), customer.secret());
    }

    private static final class CutShort extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
