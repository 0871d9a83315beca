package io.orderledger.ledger.parked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.Erasure;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.RefusedMessage;
import io.orderledger.ledger.RefusedMessage.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParkedMessagesIT {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ParkedQuery ALL = query(Set.of(), Set.of());

    private TemporaryDatabase database;
    private Ledger ledger;
    private ParkedMessages parked;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_recorder"));
        parked = new ParkedMessages(database.as("ledger_replayer"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tells_all_but_the_content_and_when_it_was_asked_for() {
        UUID eventId = UUID.randomUUID();
        UUID orderId = UUID.randomUUID();
        byte[] message = message("lee", NOON);
        ledger.refuse(new RefusedMessage(
                Optional.of(eventId), Optional.of(orderId), Reason.CONFLICT, "other content", "create-order", message));

        ParkedMessage found = only();

        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("id", "refusedAt")
                .isEqualTo(new ParkedMessage(
                        found.id(),
                        Optional.of(eventId),
                        Optional.of(orderId),
                        Reason.CONFLICT,
                        "other content",
                        "create-order",
                        Optional.of(NOON),
                        found.refusedAt(),
                        Optional.empty(),
                        ParkedState.WAITING));
        assertThat(parked.content(found.id()))
                .hasValueSatisfying(content -> assertThat(content).isEqualTo(message));
    }

    @Test
    void pages_give_every_message_once_and_filters_what_is_meant() {
        for (int i = 0; i < 7; i++) {
            refuse(i % 2 == 0 ? Reason.INVALID : Reason.FAILED, message("c" + i, NOON.plusSeconds(i)));
        }
        refuse(Reason.INVALID, "not JSON".getBytes(StandardCharsets.UTF_8));

        List<MessageId> paged = new ArrayList<>();
        Optional<MessageId> after = Optional.empty();
        while (true) {
            List<ParkedMessage> page = parked.list(ALL, after, 3);
            page.forEach(message -> paged.add(message.id()));
            if (page.size() < 3) {
                break;
            }
            after = Optional.of(page.getLast().id());
        }

        assertThat(paged).hasSize(8).doesNotHaveDuplicates();
        assertThat(parked.list(query(Set.of(Reason.FAILED), Set.of()), Optional.empty(), 100))
                .hasSize(3);
        assertThat(parked.list(
                        new ParkedQuery(
                                Set.of(), Set.of(), Optional.of(NOON.plusSeconds(2)), Optional.of(NOON.plusSeconds(4))),
                        Optional.empty(),
                        100))
                .extracting(message -> message.requestedAt().orElseThrow())
                .containsExactlyInAnyOrder(NOON.plusSeconds(2), NOON.plusSeconds(3));
        // One that does not say when it was asked for is of the time at which it was refused.
        assertThat(parked.list(
                        new ParkedQuery(Set.of(), Set.of(), Optional.of(NOON.plusSeconds(60)), Optional.empty()),
                        Optional.empty(),
                        100))
                .singleElement()
                .satisfies(message -> assertThat(message.requestedAt()).isEmpty());
        assertThat(parked.count(ALL))
                .containsOnly(
                        java.util.Map.entry(new ParkedMessages.Group(Reason.INVALID, ParkedState.WAITING), 5L),
                        java.util.Map.entry(new ParkedMessages.Group(Reason.FAILED, ParkedState.WAITING), 3L));
    }

    @Test
    void the_beginning_of_an_id_finds_it() {
        refuse(Reason.INVALID, message("lee", NOON));
        refuse(Reason.INVALID, message("kim", NOON));
        MessageId id = parked.list(ALL, Optional.empty(), 1).getFirst().id();

        assertThat(parked.find(id.toString().substring(0, 12)))
                .extracting(ParkedMessage::id)
                .containsExactly(id);
        assertThat(parked.find("00000000".equals(id.toString().substring(0, 8)) ? "11111111" : "00000000"))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> parked.find("0000000"));
        assertThatIllegalArgumentException().isThrownBy(() -> parked.find("zzzzzzzz"));
    }

    @Test
    void an_attempt_in_vain_leaves_it_waiting_and_a_decision_is_noted_once() {
        refuse(Reason.INVALID, message("lee", NOON));
        MessageId id = only().id();

        assertThat(parked.note(id, ParkedOutcome.REFUSED, "INVALID", "ann", "code was mended"))
                .isTrue();
        assertThat(only().state()).isEqualTo(ParkedState.WAITING);
        assertThat(parked.note(id, ParkedOutcome.DROPPED, "", "bob", "a test order"))
                .isTrue();
        assertThat(parked.note(id, ParkedOutcome.DROPPED, "", "cat", "a test order"))
                .isFalse();

        assertThat(only().state()).isEqualTo(ParkedState.DROPPED);
        assertThat(parked.actions(id))
                .extracting(ParkedAction::outcome, ParkedAction::actor, ParkedAction::reason)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(ParkedOutcome.REFUSED, "ann", "code was mended"),
                        org.assertj.core.api.Assertions.tuple(ParkedOutcome.DROPPED, "bob", "a test order"));
        assertThat(parked.content(id)).isPresent();
    }

    @Test
    void of_many_who_decide_at_once_one_does() throws Exception {
        refuse(Reason.INVALID, message("lee", NOON));
        MessageId id = only().id();
        List<Callable<Boolean>> deciders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String actor = "operator " + i;
            deciders.add(() -> parked.note(id, ParkedOutcome.DROPPED, "", actor, "a test order"));
        }

        List<Boolean> noted = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> each : threads.invokeAll(deciders)) {
                noted.add(each.get());
            }
        }

        assertThat(noted).containsOnlyOnce(true);
        assertThat(parked.actions(id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void nothing_is_decided_without_who_and_why(String nothing) {
        refuse(Reason.INVALID, message("lee", NOON));
        MessageId id = only().id();

        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() -> parked.note(id, ParkedOutcome.DROPPED, "", "ann", nothing))
                .satisfies(fault -> assertThat(fault.constraint()).isEqualTo("parked_action_reason_given"));
        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() -> parked.note(id, ParkedOutcome.DROPPED, "", nothing, "a test order"))
                .satisfies(fault -> assertThat(fault.constraint()).isEqualTo("parked_action_actor_given"));
        assertThat(only().state()).isEqualTo(ParkedState.WAITING);
    }

    @Test
    void nothing_is_decided_about_a_message_that_is_not_there() {
        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() ->
                        parked.note(MessageId.of("00".repeat(32)), ParkedOutcome.DROPPED, "", "ann", "a test order"))
                .satisfies(fault -> assertThat(fault.constraint()).isEqualTo("parked_action_of_a_message"));
    }

    @Test
    void erasing_the_customer_takes_the_content_and_leaves_who_did_what() {
        refuse(Reason.INVALID, message("lee", NOON));
        MessageId id = only().id();
        parked.note(id, ParkedOutcome.DROPPED, "", "ann", "a test order");
        List<ParkedAction> before = parked.actions(id);

        new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(30)).erase("lee", step -> {});

        assertThat(parked.content(id)).isEmpty();
        assertThat(only()).satisfies(message -> {
            assertThat(message.erasedAt()).isPresent();
            assertThat(message.requestedAt()).contains(NOON);
            assertThat(message.state()).isEqualTo(ParkedState.DROPPED);
        });
        assertThat(parked.actions(id)).isEqualTo(before).hasSize(1);
    }

    @Test
    void failures_of_a_message_are_counted_without_its_content() {
        ReplayFailures failures = new ReplayFailures(database.as("ledger_replayer"));
        byte[] one = message("lee", NOON);

        assertThat(failures.note(one)).isEqualTo(1);
        assertThat(failures.note(message("kim", NOON))).isEqualTo(1);
        assertThat(failures.note(one)).isEqualTo(2);
    }

    @Test
    void what_replaying_by_itself_remembers_is_there_for_the_next_run() {
        SelfReplayState state = new SelfReplayState(database.as("ledger_replayer"));
        assertThat(state.read()).isEqualTo(new SelfReplayState.State(1, Optional.empty(), ""));

        state.goOn(8);
        assertThat(state.read()).isEqualTo(new SelfReplayState.State(8, Optional.empty(), ""));
        state.stop(1, "LedgerUnavailable 08006");
        assertThat(state.read()).satisfies(stopped -> {
            assertThat(stopped.isStopped()).isTrue();
            assertThat(stopped.nextMessages()).isEqualTo(1);
            assertThat(stopped.stoppedBy()).isEqualTo("LedgerUnavailable 08006");
        });
        state.goOn(1);
        assertThat(state.read().isStopped()).isFalse();
    }

    private ParkedMessage only() {
        List<ParkedMessage> all = parked.list(ALL, Optional.empty(), 10);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void refuse(Reason reason, byte[] message) {
        ledger.refuse(new RefusedMessage(Optional.empty(), Optional.empty(), reason, "", "test", message));
    }

    private static ParkedQuery query(Set<Reason> reasons, Set<ParkedState> states) {
        assertThat(EnumSet.allOf(ParkedState.class)).containsAll(states);
        return new ParkedQuery(reasons, states, Optional.empty(), Optional.empty());
    }

    private static byte[] message(String customer, Instant requestedAt) {
        return """
                {"detail":{"requestedAt":%d,"data":{"customer":{"id":"%s"}}}}""".formatted(requestedAt.toEpochMilli(), customer).getBytes(StandardCharsets.UTF_8);
    }
}
