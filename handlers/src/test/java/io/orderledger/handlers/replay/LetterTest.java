package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** What can be told of a message by looking, in each of the three formats. */
class LetterTest {
    private static final UUID EVENT = UUID.randomUUID();
    private static final UUID ORDER = UUID.randomUUID();
    private static final ObjectNode PLACING = Messages.placement(EVENT, Messages.order());

    @Test
    void a_rule_says_why_in_an_attribute() {
        Letter letter = Letter.of(Message.builder()
                .body(PLACING.toString())
                .messageAttributes(Map.of(
                        "ERROR_CODE",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("THROTTLING")
                                .build()))
                .build());

        assertThat(letter.reason()).isEqualTo(FailureReason.THROTTLED);
        assertThat(letter.code()).isEqualTo("THROTTLING");
        assertThat(letter.eventId()).contains(EVENT);
        assertThat(letter.requestedAt()).contains(Instant.ofEpochMilli(Messages.REQUESTED_AT));
    }

    @Test
    void lambda_says_it_in_its_record() {
        ObjectNode record = Messages.resource("lambda-on-failure-record.json");
        record.set("requestPayload", PLACING);

        Letter letter = of(record);

        assertThat(letter.reason()).isEqualTo(FailureReason.DATABASE_AWAY);
        assertThat(letter.eventId()).contains(EVENT);
        assertThat(letter.requestedAt()).contains(Instant.ofEpochMilli(Messages.REQUESTED_AT));
    }

    @Test
    void what_lambda_ended_itself_timed_out_with_and_without_a_type() {
        ObjectNode record = Messages.resource("lambda-on-failure-record.json");
        record.putObject("responsePayload")
                .put("errorMessage", "RequestId: 1 Error: Task timed out after 30.00 seconds");
        assertThat(of(record).reason()).isEqualTo(FailureReason.TIMED_OUT);

        record.withObject("/responsePayload").put("errorType", "Sandbox.Timedout");
        assertThat(of(record).reason()).isEqualTo(FailureReason.TIMED_OUT);
    }

    @Test
    void what_was_never_invoked_was_throttled() {
        ObjectNode record = Messages.resource("lambda-on-failure-record.json");
        record.remove("responsePayload");
        record.remove("responseContext");
        record.withObject("/requestContext").put("condition", "EventAgeExceeded");

        assertThat(of(record).reason()).isEqualTo(FailureReason.THROTTLED);
    }

    @Test
    void the_workflow_says_it_in_the_message() {
        ObjectNode message = Messages.cancellation(EVENT, ORDER, "{}");
        message.putObject("failure")
                .put("error", "Lambda.TooManyRequestsException")
                .put("cause", "");

        Letter letter = of(message);

        assertThat(letter.reason()).isEqualTo(FailureReason.THROTTLED);
        assertThat(letter.orderId()).contains(ORDER);
    }

    @Test
    void a_keyless_request_has_the_envelopes_id_and_an_old_one_its_time() {
        ObjectNode event = Messages.keylessPlacement(EVENT, Messages.order()).put("time", "2026-11-20T13:00:00+01:00");
        event.withObject("/detail").remove("requestedAt");

        Letter letter = of(event);

        assertThat(letter.eventId()).contains(EVENT);
        assertThat(letter.requestedAt()).contains(Instant.parse("2026-11-20T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{\"detail\":[]}",
                "{\"detail\":{\"requestedAt\":1e400,\"eventId\":\"1\",\"orderId\":7}}",
                "{\"time\":\"noon\",\"failure\":{\"error\":{}},\"responsePayload\":[]}",
                "{\"requestPayload\":\"text\"}"
            })
    void whatever_else_lies_there_is_unknown(String body) {
        Letter letter = Letter.of(Message.builder().body(body).build());

        assertThat(letter.requestedAt()).isEmpty();
        assertThat(letter.eventId()).isEmpty();
        assertThat(letter.orderId()).isEmpty();
        assertThat(letter.receives()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "io.orderledger.ledger.LedgerUnavailable, database-away, true",
        "TIMEOUT, timed-out, true",
        "INTERNAL_ERROR, service-failed, true",
        "Lambda.ServiceException, service-failed, true",
        "NO_RESOURCE, not-permitted, false",
        "io.orderledger.ledger.LedgerFault, function-failed, false",
        "'', unknown, false"
    })
    void a_code_has_a_kind_and_the_kind_says_whether_it_passes(String code, String kind, boolean passes) {
        FailureReason reason = FailureReason.of(code);

        assertThat(reason.text()).isEqualTo(kind);
        assertThat(FailureReason.PASSING.contains(reason)).isEqualTo(passes);
        assertThat(FailureReason.named(kind)).contains(reason);
    }

    @Test
    void a_code_that_somebody_made_up_is_made_fit_for_a_terminal() {
        ObjectNode message = Messages.cancellation(EVENT, ORDER, "{}");
        message.putObject("failure").put("error", "\u001b[31mred\n" + "x".repeat(1_000));

        assertThat(of(message).code()).startsWith("??31mred?").hasSizeLessThanOrEqualTo(64);
    }

    private static Letter of(ObjectNode body) {
        return Letter.of(Message.builder().body(body.toString()).build());
    }
}
