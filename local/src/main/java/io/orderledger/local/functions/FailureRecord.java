package io.orderledger.local.functions;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.orderledger.local.deliveries.Delivery;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The record that Lambda sends to an on-failure destination, see
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html">its documentation</a>.
 * The request's payload goes in as it came, digit for digit.
 */
final class FailureRecord {

    /** Why Lambda gave the event up. */
    enum Condition {
        RETRIES_EXHAUSTED("RetriesExhausted"),
        EVENT_AGE_EXCEEDED("EventAgeExceeded");

        private final String text;

        Condition(String text) {
            this.text = text;
        }
    }

    private static final String VERSION = "1.0";
    private static final int STATUS_OF_FUNCTION_ERRORS = 200;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private FailureRecord() {}

    static String of(Delivery delivery, String qualifiedArn, Condition condition, Instant now) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", VERSION);
            json.writeStringField("timestamp", TIMESTAMP.format(now));
            writeRequestContext(json, delivery, qualifiedArn, condition);
            json.writeFieldName("requestPayload");
            writeJson(json, delivery.payload());
            if (delivery.attempts() > 0) {
                writeResponse(json, delivery);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeRequestContext(
            JsonGenerator json, Delivery delivery, String qualifiedArn, Condition condition) throws IOException {
        json.writeObjectFieldStart("requestContext");
        json.writeStringField("requestId", delivery.id());
        json.writeStringField("functionArn", qualifiedArn);
        json.writeStringField("condition", condition.text);
        json.writeNumberField("approximateInvokeCount", delivery.attempts());
        json.writeEndObject();
    }

    private static void writeResponse(JsonGenerator json, Delivery delivery) throws IOException {
        json.writeObjectFieldStart("responseContext");
        json.writeNumberField("statusCode", STATUS_OF_FUNCTION_ERRORS);
        json.writeStringField("executedVersion", InvocationContext.LATEST);
        json.writeStringField("functionError", "Unhandled");
        json.writeEndObject();
        json.writeFieldName("responsePayload");
        writeJson(json, delivery.lastAnswer());
    }

    /** Writes bytes as the JSON they are, or as a string where they are none. */
    private static void writeJson(JsonGenerator json, byte[] value) throws IOException {
        String text = new String(value, StandardCharsets.UTF_8);
        if (isJson(text)) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
