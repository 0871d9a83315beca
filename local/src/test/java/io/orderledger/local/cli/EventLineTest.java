package io.orderledger.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.ledger.NewEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLineTest {
    private static final String LINE = """
            {"eventId":"7f2c2a57-7a5b-4c11-9a5c-0d5b6f1e2a10","orderId":"0b9d3b62-58c4-4f6e-8a3a-93f4b1f0c7aa","type":"OrderPlaced",\
            "schemaVersion":1,"occurredAt":"2024-02-29T12:00:00.5+01:00","payload":{"a":1},"personalData":{"name":"Lee"},\
            "metadata":{"requestId":"r-1"}}""";

    @Test
    void reads_every_field() throws Exception {
        NewEvent event = read(LINE);

        assertThat(event.eventId()).isEqualTo(UUID.fromString("7f2c2a57-7a5b-4c11-9a5c-0d5b6f1e2a10"));
        assertThat(event.streamId()).isEqualTo(UUID.fromString("0b9d3b62-58c4-4f6e-8a3a-93f4b1f0c7aa"));
        assertThat(event.type()).isEqualTo("OrderPlaced");
        assertThat(event.schemaVersion()).isEqualTo((short) 1);
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2024-02-29T11:00:00.5Z"));
        assertThat(event.payload()).hasToString("{\"a\":1}");
        assertThat(event.personalData())
                .hasValueSatisfying(data -> assertThat(data).hasToString("{\"name\":\"Lee\"}"));
        assertThat(event.metadata()).hasToString("{\"requestId\":\"r-1\",\"path\":\"import\"}");
    }

    @Test
    void personal_data_and_metadata_may_be_left_out() throws Exception {
        NewEvent event = read(LINE.replaceFirst(",\"personalData.*$", "}"));

        assertThat(event.personalData()).isEmpty();
        assertThat(event.metadata()).hasToString("{\"path\":\"import\"}");
    }

    @Test
    void a_path_that_is_given_is_kept() throws Exception {
        assertThat(read(LINE.replace("\"requestId\":\"r-1\"", "\"path\":\"old system\""))
                        .metadata())
                .hasToString("{\"path\":\"old system\"}");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "eventId"                               | "eventID"              | eventID is unknown
            "eventId":"7f2c2a57-7a5b-4c11-9a5c-0d5b6f1e2a10", | ``          | eventId is required
            7f2c2a57-7a5b-4c11-9a5c-0d5b6f1e2a10    | 7f2c2a57               | eventId must be a UUID
            "7f2c2a57-7a5b-4c11-9a5c-0d5b6f1e2a10"  | 7                      | eventId must be text
            0b9d3b62-58c4                           | 1-1                    | orderId must be a UUID
            OrderPlaced                             | ``                     | type must be 1 to 100 letters and digits, and begin with a letter
            OrderPlaced                             | PersonalDataErased     | type must not be one that only an erasure records
            "schemaVersion":1                       | "schemaVersion":"1"    | schemaVersion must be an integer from 1 to 32767
            "schemaVersion":1                       | "schemaVersion":0      | schemaVersion must be an integer from 1 to 32767
            "schemaVersion":1                       | "schemaVersion":65537  | schemaVersion must be an integer from 1 to 32767
            2024-02-29T12                           | 2024-02-30T12          | occurredAt must be a time of RFC 3339 from 1970 to 9999
            2024-02-29T12                           | 1924-02-29T12          | occurredAt must be a time of RFC 3339 from 1970 to 9999
            +01:00                                  | ``                     | occurredAt must be a time of RFC 3339 from 1970 to 9999
            {"a":1}                                 | [1]                    | payload must be an object
            {"a":1}                                 | null                   | payload must be an object
            {"name":"Lee"}                          | "Lee"                  | personalData must be an object
            {"requestId":"r-1"}                     | 1                      | metadata must be an object
            {"a":1}                                 | {"a":1,"a":2}          | the line must be one JSON object that gives no field twice
            {"a":1}                                 | {"a":"\\u0000"}        | a text holds a NUL character or half of a surrogate pair
            {"a":1}                                 | {"a":secret}           | the line must be JSON
            """)
    void names_the_field_and_the_rule_and_no_value(String found, String replacement, String problem) {
        String line = LINE.replace(found, replacement);
        assertThat(line).isNotEqualTo(LINE);

        assertThatExceptionOfType(EventLine.Invalid.class)
                .isThrownBy(() -> read(line))
                .satisfies(invalid -> assertThat(invalid.problem().replaceFirst(" \\(column [0-9]+\\)$", ""))
                        .isEqualTo(problem));
    }

    private static NewEvent read(String line) throws EventLine.Invalid {
        return EventLine.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
