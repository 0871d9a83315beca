package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RefuseIT {
    private static TemporaryDatabase database;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_writer"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void keeps_a_message_byte_for_byte() throws Exception {
        byte[] message = "{\"notes\":\"\\u0000 \\ud83c \0\"} é".getBytes(StandardCharsets.ISO_8859_1);
        UUID eventId = UUID.randomUUID();

        boolean isNew = ledger.refuse(new RefusedMessage(
                Optional.of(eventId),
                Optional.empty(),
                RefusedMessage.Reason.INVALID,
                "notes hold U+0000",
                "POST /orders",
                message));

        assertThat(isNew).isTrue();
        assertThat(Sql.one(
                        database.as("ledger_auditor"),
                        byte[].class,
                        "select message from ledger.refused where event_id = ?",
                        eventId))
                .isEqualTo(message);
    }

    @Test
    void keeps_the_same_message_once_however_often_and_at_once_it_comes() throws Exception {
        byte[] message = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        UUID eventId = UUID.randomUUID();

        List<Boolean> isNew = Concurrently.run(
                8,
                _ -> () -> ledger.refuse(new RefusedMessage(
                        Optional.of(eventId),
                        Optional.of(UUID.randomUUID()),
                        RefusedMessage.Reason.CONFLICT,
                        "",
                        "",
                        message)));

        assertThat(isNew).containsOnlyOnce(true);
        assertThat(Sql.list(
                        database.as("ledger_auditor"),
                        String.class,
                        "select reason from ledger.refused where event_id = ?",
                        eventId))
                .containsExactly("CONFLICT");
    }

    @Test
    void an_explanation_that_cannot_be_stored_does_not_lose_the_message() throws Exception {
        UUID eventId = UUID.randomUUID();
        String detail = "unknown field \0 \uD83C " + "x".repeat(Ledger.MAX_DETAIL_CHARACTERS);

        ledger.refuse(new RefusedMessage(
                Optional.of(eventId), Optional.empty(), RefusedMessage.Reason.INVALID, detail, "\0", new byte[] {1}));

        assertThat(Sql.one(
                        database.as("ledger_auditor"),
                        String.class,
                        "select detail from ledger.refused where event_id = ?",
                        eventId))
                .startsWith("unknown field \uFFFD \uFFFD xxx")
                .hasSize(Ledger.MAX_DETAIL_CHARACTERS);
    }
}
