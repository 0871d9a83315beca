package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // What Lambda wraps is cut out as it is, spaces and all.
                "{\"version\":\"1.0\",\"requestPayload\": { \"a\" : [1, {\"b\":\"\\u00e9}\"}] } ,\"x\":1} | { \"a\" : [1, {\"b\":\"\\u00e9}\"}] }",
                "{\"responsePayload\":{\"requestPayload\":{\"inner\":1}},\"requestPayload\":{\"outer\":1}} | {\"outer\":1}",
                "{\"requestPayload\":{}} | {}",
                // Everything else is the message itself, for the reader to judge.
                "{\"source\":\"order-ledger.api\",\"detail\":{\"requestPayload\":{}}} | {\"source\":\"order-ledger.api\",\"detail\":{\"requestPayload\":{}}}",
                "{\"requestPayload\":\"text\"} | {\"requestPayload\":\"text\"}",
                "{\"requestPayload\":{\"a\":1 | {\"requestPayload\":{\"a\":1",
                "[1] | [1]",
                "no JSON | no JSON",
            })
    void finds_the_request_message_by_its_content(String body, String message) {
        assertThat(new String(DeadLetter.requestMessage(body), StandardCharsets.UTF_8))
                .isEqualTo(message);
    }
}
