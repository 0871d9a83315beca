package io.orderledger.handlers.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class JsonLoggingTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final JsonLogging logging =
            new JsonLogging(new PrintStream(log, true, UTF_8), () -> Instant.parse("2026-01-02T03:04:05.678Z"));

    @Test
    void writes_one_object_a_line_with_the_ids_as_fields() {
        logging.getMDCAdapter().put("requestId", "c6af9ac6");

        logger("io.orderledger.some.Class")
                .atInfo()
                .addKeyValue("eventId", "e1")
                .addKeyValue("orderId", "o1")
                .log("Recorded as {}", "Appended");

        assertThat(lines()).isEqualTo(List.of(json("""
                {"timestamp": "2026-01-02T03:04:05.678Z", "level": "INFO", "requestId": "c6af9ac6",
                 "message": "Recorded as Appended", "logger": "io.orderledger.some.Class", "eventId": "e1", "orderId": "o1"}""")));
    }

    @Test
    void keeps_a_stack_and_line_breaks_within_the_line() {
        logger("x").error("two\nlines", new IllegalStateException("outer", new IllegalArgumentException("inner")));

        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(line.get("message").textValue()).isEqualTo("two\nlines");
            assertThat(line.get("error").textValue()).isEqualTo("java.lang.IllegalStateException");
            assertThat(line.get("stack").textValue())
                    .contains("outer", "Caused by: java.lang.IllegalArgumentException: inner", "JsonLoggingTest");
        });
    }

    @Test
    void is_silent_below_the_level_of_the_logger() {
        logger("io.orderledger.X").debug("no");
        logger("io.orderledger.X").atDebug().log("no");
        logger("org.jooq.tools.X").info("no");
        logger("org.jooq.impl.DefaultExecuteContext.logVersionSupport").warn("no");
        logger("org.jooqish").info("yes");
        logger("org.jooq.tools.X").warn("yes");

        assertThat(lines()).hasSize(2);
    }

    private Logger logger(String name) {
        return logging.getLogger(name);
    }

    private List<JsonNode> lines() {
        return log.toString(UTF_8).lines().map(JsonLoggingTest::json).toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
