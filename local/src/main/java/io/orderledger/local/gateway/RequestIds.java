package io.orderledger.local.gateway;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the IDs of a request. Thread-safe if its random generator is. */
final class RequestIds {

    private static final int EXTENDED_ID_BYTES = 11;
    private static final int TRACE_ID_BYTES = 12;
    private static final String REQUEST_ID_HEADER = "x-amzn-RequestId";
    private static final String TRACE_HEADER = "X-Amzn-Trace-Id";
    private static final Pattern TRACE_ROOT = Pattern.compile("(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)");

    private final RandomGenerator random;

    RequestIds(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The names a request goes by.
     *
     * @param requestId the client's own, if it sent one: no identity
     * @param extendedRequestId cannot be set by a client
     */
    record Ids(String requestId, String extendedRequestId, String traceId) {}

    Ids draw(ReceivedRequest request, Instant now) {
        return new Ids(
                request.headers()
                        .first(REQUEST_ID_HEADER)
                        .filter(id -> !id.isBlank())
                        .orElseGet(() -> randomUuid().toString()),
                Base64.getUrlEncoder().encodeToString(bytes(EXTENDED_ID_BYTES)),
                traceId(request, now));
    }

    /** A trace that the client began goes on. */
    private String traceId(ReceivedRequest request, Instant now) {
        String sent = request.headers().first(TRACE_HEADER).orElse("");
        Matcher root = TRACE_ROOT.matcher(sent);
        return root.find()
                ? root.group(1)
                : String.format(
                        "1-%08x-%s", now.getEpochSecond(), HexFormat.of().formatHex(bytes(TRACE_ID_BYTES)));
    }

    /** A UUID of version 4. */
    private UUID randomUuid() {
        long high = (random.nextLong() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
