package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages from before an erasure that are delivered after it, in every order, bring nothing back and are still deduplicated. */
class ReplayAfterErasureIT {
    private static TemporaryDatabase database;
    private static Ledger ledger;
    private static Ledger reader;

    private final Customer lee = Customer.anyone();
    private final UUID order = UUID.randomUUID();
    private final NewEvent placing = lee.places(order, NOON);
    private final NewEvent cancellation = lee.cancels(order, NOON);

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
    void nothing_is_brought_back() throws SQLException {
        assertThat(PersonalData.tablesWith(database.asSuperuser(), lee.secret()))
                .isEmpty();
        assertThat(PersonalData.faults(database.asSuperuser())).isEmpty();
    }

    @Test
    void a_placing_that_was_recorded_before_is_a_duplicate() {
        ledger.append(placing, ANY);
        erase();

        assertThat(ledger.append(placing, ANY)).isInstanceOf(AppendResult.Duplicate.class);

        assertThat(reader.history(order)).hasSize(2);
    }

    @Test
    void a_placing_with_another_payload_is_still_a_conflict() {
        ledger.append(placing, ANY);
        erase();

        assertThatExceptionOfType(EventConflict.class)
                .isThrownBy(() -> ledger.append(TestEvents.withPayload(placing, TestEvents.json("{}")), ANY));
    }

    @Test
    void a_placing_is_recorded_without_personal_data_and_says_so() {
        erase();

        assertThat(ledger.append(placing, ANY)).isInstanceOf(AppendResult.Appended.class);
        assertThat(ledger.append(placing, ANY)).isInstanceOf(AppendResult.Duplicate.class);

        assertThat(reader.history(order)).singleElement().satisfies(event -> {
            assertThat(event.payload()).isEqualTo(placing.payload());
            assertThat(event.personalData()).isEmpty();
            assertThat(event.metadata().path("personalData").asText()).isEqualTo("DROPPED");
            assertThat(event.metadata().path("path").asText()).isEqualTo("POST /orders");
        });
    }

    @Test
    void a_cancellation_of_a_known_order_is_recorded_without_personal_data() {
        ledger.append(placing, ANY);
        erase();

        assertThat(ledger.append(cancellation, ANY)).isInstanceOf(AppendResult.Appended.class);
        assertThat(ledger.append(cancellation, ANY)).isInstanceOf(AppendResult.Duplicate.class);

        assertThat(reader.history(order))
                .extracting(RecordedEvent::type)
                .containsExactly(EventTypes.ORDER_PLACED, EventTypes.PERSONAL_DATA_ERASED, EventTypes.ORDER_CANCELLED);
    }

    @Test
    void a_cancellation_is_erased_when_its_order_turns_out_to_be_the_customers() {
        erase();
        ledger.append(cancellation, ANY);

        AppendResult placed = ledger.append(placing, ANY);

        assertThat(placed.version()).isEqualTo(2);
        assertThat(ledger.append(placing, ANY)).isEqualTo(new AppendResult.Duplicate(placed.position(), 2));
        assertThat(ledger.append(cancellation, ANY)).isInstanceOf(AppendResult.Duplicate.class);
        assertThat(reader.history(order))
                .extracting(RecordedEvent::type)
                .containsExactly(EventTypes.ORDER_CANCELLED, EventTypes.ORDER_PLACED, EventTypes.PERSONAL_DATA_ERASED);
    }

    @Test
    void a_cancellation_recorded_before_is_erased_when_its_order_turns_out_to_be_the_customers() {
        ledger.append(cancellation, ANY);
        erase();

        ledger.append(placing, ANY);

        assertThat(reader.history(order)).hasSize(3);
    }

    @Test
    void a_placing_without_personal_data_gives_a_cancellation_its_customer_all_the_same() {
        erase();
        ledger.append(cancellation, ANY);

        ledger.append(TestEvents.withPersonalData(placing, Optional.empty()), ANY);

        assertThat(reader.history(order).getFirst().personalData()).isEmpty();
    }

    @Test
    void both_at_once_leave_nothing_either() throws Exception {
        erase();
        for (int round = 0; round < 50; round++) {
            UUID raced = UUID.randomUUID();

            Concurrently.run(4, client -> () -> switch (client) {
                case 0 -> ledger.append(lee.places(raced, NOON), ANY);
                case 1 -> ledger.refuse(lee.refusedCancellation(raced, NOON));
                default -> ledger.append(lee.cancels(raced, NOON), ANY);
            });
        }
    }

    @Test
    void a_message_that_is_refused_is_not_kept() throws Exception {
        erase();

        assertThat(ledger.refuse(lee.refusedPlacing(order, NOON))).isTrue();
        assertThat(ledger.refuse(lee.refusedPlacing(order, NOON))).isFalse();

        assertThat(Sql.one(
                        database.as("ledger_auditor"),
                        Boolean.class,
                        "select message is null and detail = '' and erased_at >= refused_at from ledger.refused where stream_id = ?",
                        order))
                .isTrue();
    }

    @Test
    void a_refused_cancellation_is_not_kept_once_its_order_turns_out_to_be_the_customers() {
        erase();
        ledger.refuse(lee.refusedCancellation(order, NOON));

        ledger.append(placing, ANY);
        ledger.refuse(lee.refusedCancellation(order, NOON.plusSeconds(1)));
    }

    private void erase() {
        new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(30)).erase(lee.id(), _ -> {});
    }
}
