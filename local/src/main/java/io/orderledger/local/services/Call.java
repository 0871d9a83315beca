package io.orderledger.local.services;

import java.util.Map;
import java.util.Optional;

/**
 * A request as the services see it.
 *
 * @param pathAndQuery as sent
 * @param headers by lower-case name; of a repeated header the first value
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way in; compared by nobody
record Call(String method, String pathAndQuery, Map<String, String> headers, byte[] body) {

    private static final String JSON_PROTOCOLS = "application/x-amz-json-";

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** The service and operation of AWS's JSON protocols, for example {@code AWSEvents.PutEvents}. */
    Optional<String> target() {
        return header("x-amz-target");
    }

    /** The content type that an answer has: the version of the protocol that was asked in. */
    String answerType(String otherwise) {
        return header("content-type")
                .filter(type -> type.startsWith(JSON_PROTOCOLS))
                .map(type -> type.split(";", 2)[0].strip())
                .orElse(otherwise);
    }
}
