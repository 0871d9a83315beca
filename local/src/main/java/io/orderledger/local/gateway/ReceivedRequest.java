package io.orderledger.local.gateway;

import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request as it came in.
 *
 * @param path as sent, not decoded, without the query
 * @param query decoded
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way through; compared by nobody
record ReceivedRequest(
        String method, String path, Map<String, List<String>> query, Headers headers, byte[] body, String sourceIp) {

    private static final String JSON = "application/json";

    /** The media type of the body in lower case and without parameters; JSON if the client said nothing. */
    String mediaType() {
        String contentType = headers.first("Content-Type").orElse(JSON);
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.isBlank() ? JSON : type.strip().toLowerCase(Locale.ROOT);
    }

    /** The same without what it brought to be let in here, which is no business of whoever answers. */
    ReceivedRequest withoutAuthorization() {
        return new ReceivedRequest(method, path, query, headers.without("Authorization"), body, sourceIp);
    }

    /**
     * The body as text.
     *
     * @throws CharacterCodingException if it is not UTF-8: replacing characters would store what nobody sent
     */
    String text() throws CharacterCodingException {
        return Utf8.decode(body);
    }
}
