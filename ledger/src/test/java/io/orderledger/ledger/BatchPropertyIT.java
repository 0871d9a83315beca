package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static io.orderledger.ledger.TestEvents.NO_STREAM;
import static io.orderledger.ledger.TestEvents.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch does what single appends do: the same random events go into one ledger in batches and into another one by one, and answers and
 * contents are the same, but for positions, salts, digests and times of recording.
 */
class BatchPropertyIT {
    private static final int BATCHES = 120;
    private static final int MAX_BATCH_SIZE = 14;
    private static final int BATCH_OF_FIRST_ERASURE = 40;
    private static final int BATCH_OF_SECOND_ERASURE = 80;

    /** Everything that is the same however the events came. */
    private static final List<String> CONTENTS = List.of(
            """
            select concat_ws(' ', e.stream_id, e.version, e.event_id, e.type, e.schema_version, e.payload, e.metadata,
                e.personal_digest is null, case when e.occurred_at = e.recorded_at then 'now' else e.occurred_at::text end, p.data)
            from ledger.event e left join ledger.personal_data p using (position)
            where e.type <> 'PersonalDataErased' order by 1""",
            """
            select concat_ws(' ', e.stream_id, e.version, e.event_id, e.type, e.payload, e.metadata)
            from ledger.event e where e.type = 'PersonalDataErased' order by 1""",
            """
            select concat_ws(' ', e.event_id, d.metadata) from ledger.duplicate d join ledger.event e using (position)
            order by 1""",
            "select e.event_id::text from ledger.pending join ledger.event e using (position) order by 1");

    private final TemporaryDatabase batched = TemporaryDatabase.create();
    private final TemporaryDatabase single = TemporaryDatabase.create();
    private final List<Customer> customers =
            Stream.generate(Customer::anyone).limit(4).toList();
    private final List<UUID> orders = Stream.generate(UUID::randomUUID).limit(9).toList();
    private final List<NewEvent> delivered = new ArrayList<>();

    @AfterEach
    void close() {
        batched.close();
        single.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void a_batch_does_what_single_appends_in_its_order_do(long seed) throws Exception {
        Random random = new Random(seed);
        Ledger ledger = new Ledger(batched.as("ledger_writer"));
        for (int i = 0; i < BATCHES; i++) {
            List<BatchEvent> batch = Stream.generate(() -> item(random))
                    .limit(random.nextInt(MAX_BATCH_SIZE + 1))
                    .toList();
            OnRefusal onRefusal = random.nextInt(3) == 0 ? OnRefusal.APPEND_NOTHING : OnRefusal.APPEND_THE_OTHERS;

            assertThat(appendBatch(ledger, batch, onRefusal))
                    .as("batch %d, %s", i, onRefusal)
                    .isEqualTo(appendSingly(batch, onRefusal));

            if (i == BATCH_OF_FIRST_ERASURE) {
                erase(customers.get(0));
            } else if (i == BATCH_OF_SECOND_ERASURE) {
                erase(customers.get(1));
            }
        }

        for (String contents : CONTENTS) {
            assertThat(Sql.list(batched.asSuperuser(), String.class, contents))
                    .isNotEmpty()
                    .isEqualTo(Sql.list(single.asSuperuser(), String.class, contents));
        }
        assertThat(PersonalData.faults(batched.asSuperuser())).isEmpty();
        SoundLedger.assertIn(batched);
    }

    private static List<String> appendBatch(Ledger ledger, List<BatchEvent> batch, OnRefusal onRefusal) {
        try {
            return ledger.appendAll(batch, onRefusal).stream()
                    .map(result -> switch (result) {
                        case BatchResult.Recorded(AppendResult recorded) -> told(recorded);
                        case BatchResult.Refused(AppendRefused reason) -> told(reason);
                    })
                    .toList();
        } catch (BatchRefused refused) {
            return List.of("nothing, because of " + refused.index() + " " + told(refused.reason()));
        }
    }

    private List<String> appendSingly(List<BatchEvent> batch, OnRefusal onRefusal) throws SQLException {
        List<String> results = new ArrayList<>();
        try (OneConnection connection = new OneConnection(single.as("ledger_writer"))) {
            connection.connection().setAutoCommit(onRefusal == OnRefusal.APPEND_THE_OTHERS);
            Ledger ledger = new Ledger(connection.dataSource());
            for (BatchEvent item : batch) {
                try {
                    results.add(told(ledger.append(item.event(), item.expected())));
                } catch (AppendRefused reason) {
                    if (onRefusal == OnRefusal.APPEND_NOTHING) {
                        connection.connection().rollback();
                        return List.of("nothing, because of " + results.size() + " " + told(reason));
                    }
                    results.add(told(reason));
                }
            }
            if (onRefusal == OnRefusal.APPEND_NOTHING) {
                connection.connection().commit();
            }
        }
        return results;
    }

    private static String told(AppendResult result) {
        return result.getClass().getSimpleName() + " " + result.version();
    }

    private static String told(AppendRefused reason) {
        return String.valueOf(reason.getMessage());
    }

    private void erase(Customer customer) {
        for (TemporaryDatabase database : List.of(batched, single)) {
            new Erasure(database.as("ledger_eraser"), Duration.ZERO).erase(customer.id(), _ -> {});
        }
    }

    /** New, or delivered before in this batch or an earlier one, as it was or with some difference. */
    private BatchEvent item(Random random) {
        NewEvent event;
        if (delivered.isEmpty() || random.nextInt(5) > 0) {
            event = fresh(random);
        } else {
            int recent = Math.min(delivered.size(), random.nextBoolean() ? 6 : delivered.size());
            event = changed(delivered.get(delivered.size() - 1 - random.nextInt(recent)), random);
        }
        delivered.add(event);
        return new BatchEvent(event, expected(random));
    }

    private NewEvent fresh(Random random) {
        UUID order = random.nextInt(8) == 0 ? UUID.randomUUID() : orders.get(random.nextInt(orders.size()));
        Customer customer = customers.get(random.nextInt(customers.size()));
        Instant occurredAt = random.nextInt(4) == 0 ? Instant.now().plus(Duration.ofHours(1)) : NOON;
        return switch (random.nextInt(4)) {
            case 0 -> customer.places(order, occurredAt);
            case 1 -> customer.cancels(order, occurredAt);
            case 2 -> TestEvents.withPersonalData(customer.places(order, occurredAt), Optional.empty());
            default -> TestEvents.cancellationOf(order);
        };
    }

    private NewEvent changed(NewEvent event, Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> TestEvents.withStream(event, orders.get(random.nextInt(orders.size())));
            case 1 -> TestEvents.withType(event, EventTypes.ORDER_CANCELLED);
            case 2 -> TestEvents.withPayload(event, event.payload().deepCopy().put("gift", true));
            case 3 -> TestEvents.withPersonalData(event, Optional.of(json("{'notes':'other'}")));
            case 4 ->
                TestEvents.withPersonalData(
                        event, event.personalData().map(data -> data.deepCopy().put("principal", "till-2")));
            case 5 -> TestEvents.withMetadata(event, json("{'path':'replay'}"));
            case 6 -> TestEvents.withOccurredAt(event, Instant.now());
            default -> event;
        };
    }

    private static ExpectedVersion expected(Random random) {
        return switch (random.nextInt(16)) {
            case 0 -> NO_STREAM;
            case 1, 2 -> new ExpectedVersion.Exactly(1 + random.nextInt(6));
            default -> ANY;
        };
    }
}
