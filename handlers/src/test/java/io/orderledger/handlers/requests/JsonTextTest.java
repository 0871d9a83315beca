package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                     | must be a JSON object",
                "null                   | must be a JSON object",
                "[{}]                   | must be a JSON object",
                "\"{}\"                 | must be a JSON object",
                "{\"a\":1               | must be JSON (line 1, column ",
                "{'a':1}                | must be JSON (line 1, column ",
                "{\"a\":01}             | must be JSON (line 1, column ",
                "{\"a\":NaN}            | must be JSON (line 1, column ",
                "{\"a\":1} {\"a\":2}    | must",
                "{\"a\":1,\"b\":{\"c\":1,\"c\":2}} | must not give a field twice: c",
            })
    void refuses_what_is_not_one_json_object(String message, String rule) {
        assertThat(refused(message.getBytes(StandardCharsets.UTF_8)).rule()).startsWith(rule);
    }

    @Test
    void refuses_what_is_not_utf_8() {
        byte[] loneSurrogate = {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'};

        assertThat(refused(loneSurrogate).rule()).isEqualTo("must be UTF-8");
        assertThat(refused("{}".getBytes(StandardCharsets.UTF_16)).rule()).isEqualTo("must be UTF-8");
    }

    @Test
    void refuses_what_is_too_large_or_too_deep_or_too_long_a_number() {
        String large = "{\"a\":\"" + "x".repeat(JsonText.MAX_MESSAGE_SIZE_BYTES) + "\"}";
        String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
        String number = "{\"a\":" + "9".repeat(1_000) + "}";

        assertThat(refused(large.getBytes(StandardCharsets.UTF_8)).rule()).isEqualTo("must have at most 1048576 bytes");
        assertThat(refused(deep.getBytes(StandardCharsets.UTF_8)).rule()).startsWith("must be JSON");
        assertThat(refused(number.getBytes(StandardCharsets.UTF_8)).rule()).startsWith("must be JSON");
    }

    private static Problem refused(byte[] message) {
        return catchThrowableOfType(JsonText.Unreadable.class, () -> JsonText.object(message))
                .problem();
    }
}
