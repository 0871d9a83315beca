package io.orderledger.handlers.requests;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field {@code replay-name} that EventBridge adds to events which it delivers again from an archive.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html">Replaying archived events</a>
 */
final class ReplayName {
    private static final String FIELD = "replay-name";
    private static final JsonFactory JSON = new JsonFactory();

    private ReplayName() {}

    /**
     * The message without the field, cut out character by character: nothing is read and written anew, so that the replayed message is the
     * one that came first. A message that has no such field, or cannot be read, is given as it is.
     */
    static byte[] cutOutOf(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), message)) {
            return message;
        }
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return message;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isIt = FIELD.equals(parser.currentName());
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                parser.skipChildren();
                if (isIt && isText) {
                    parser.getTextLength(); // reads the value to its end
                    return cut(text, begin, (int) parser.currentLocation().getCharOffset())
                            .getBytes(StandardCharsets.UTF_8);
                }
            }
            return message;
        } catch (IOException e) {
            return message;
        }
    }

    /** With the comma that follows or, at the end, the one before. */
    private static String cut(String text, int begin, int end) {
        int after = end;
        while (Character.isWhitespace(text.charAt(after))) {
            after++;
        }
        if (text.charAt(after) == ',') {
            return text.substring(0, begin) + text.substring(after + 1).stripLeading();
        }
        String before = text.substring(0, begin).stripTrailing();
        return (before.endsWith(",") ? before.substring(0, before.length() - 1) : before) + text.substring(end);
    }
}
