package io.orderledger.local.bus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The event as rules and targets see it. The detail goes in as it was sent, digit for digit. */
final class Envelope {

    private static final String VERSION = "0";
    private static final JsonFactory JSON = new JsonFactory();

    private final String region;
    private final String accountId;

    Envelope(String region, String accountId) {
        this.region = region;
        this.accountId = accountId;
    }

    String of(String eventId, String source, String detailType, String detail, List<String> resources, Instant time) {
        var text = new StringWriter(detail.length() + 512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", VERSION);
            json.writeStringField("id", eventId);
            json.writeStringField("detail-type", detailType);
            json.writeStringField("source", source);
            json.writeStringField("account", accountId);
            json.writeStringField("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringField("region", region);
            json.writeArrayFieldStart("resources");
            for (String resource : resources) {
                json.writeString(resource);
            }
            json.writeEndArray();
            json.writeFieldName("detail");
            json.writeRawValue(detail);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Whether a detail is one JSON object and nothing after it, in text that UTF-8 can hold. */
    static boolean isWellFormed(String detail) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(detail)) {
            return false; // a lone surrogate
        }
        try (JsonParser parser = JSON.createParser(detail)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int depth = 1;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return false;
                }
                if (token.isScalarValue()) {
                    parser.getText(); // scalars are read lazily: a broken string shows only now
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
