package io.orderledger.handlers.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The request message inside a dead-lettered message. It is told by the content, whichever queue it lies in: Lambda's on-failure
 * record wraps the event that the function was invoked with; what a rule's target or the workflow could not deliver is the request
 * message itself.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html">Lambda's record</a>
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html">A rule's dead-letter queue</a>
 */
final class DeadLetter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String WRAPPED = "requestPayload";

    private DeadLetter() {}

    /**
     * The request message, cut out of the body character by character: nothing is read and written anew, so the same request is the
     * same bytes whichever way it comes. A body that is no JSON object is given as it is, for whoever reads it next to refuse.
     */
    static byte[] requestMessage(String body) {
        return unwrapped(body).getBytes(StandardCharsets.UTF_8);
    }

    private static String unwrapped(String body) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return body;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean named = WRAPPED.equals(parser.currentName());
                boolean wrapped = parser.nextToken() == JsonToken.START_OBJECT && named;
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (wrapped) {
                    return body.substring(begin, (int) parser.currentLocation().getCharOffset());
                }
            }
            return body;
        } catch (IOException e) {
            return body;
        }
    }
}
