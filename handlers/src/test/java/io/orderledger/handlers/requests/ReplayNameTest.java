package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":1,\"replay-name\":\"r\",\"detail\":{}}         | {\"id\":1,\"detail\":{}}",
                "{\"replay-name\":\"r\",\"id\":1}                       | {\"id\":1}",
                "{\"id\":1,\"replay-name\":\"r\"}                       | {\"id\":1}",
                "{\"replay-name\":\"r\"}                                | {}",
                "{\"id\":1, \"replay-name\" : \"r\" , \"detail\":{}}    | {\"id\":1, \"detail\":{}}",
                "{\"id\":1 , \"replay-name\" : \"r\" }                  | {\"id\":1  }",
                "{\"replay-name\":\"Zoë \\\"\\u00eb,}\",\"id\":\"ë\"}   | {\"id\":\"ë\"}",
                "{\"detail\":{\"replay-name\":\"x\"},\"replay-name\":\"r\",\"id\":1} | {\"detail\":{\"replay-name\":\"x\"},\"id\":1}",
            })
    void is_cut_out_character_by_character(String replayed, String first) {
        assertThat(cut(replayed)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1}",
                "{\"detail\":{\"replay-name\":\"x\"}}",
                "{\"replay-name\":7}",
                "{\"replay-name\":{}}",
                "[\"replay-name\",\"r\"]",
                "{\"replay-name\":\"unended",
                "replay-name",
                "",
            })
    void whatever_has_no_such_field_stays_as_it_is(String message) {
        assertThat(cut(message)).isEqualTo(message);
    }

    private static String cut(String message) {
        return new String(ReplayName.cutOutOf(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
