package io.orderledger.handlers.heads;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orderledger.handlers.heads.BucketContent.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * As much of S3 as heads need, over its own wire protocol, with one bucket: versions, delete markers, conditional writes, listings, and Object
 * Lock's configuration. It refuses every other call, and remembers it; the same tests run against another implementation of S3 too.
 */
public final class BucketServer implements AutoCloseable {
    static final String BUCKET = "heads-test";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BucketContent content = new BucketContent();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final AtomicInteger conflicts = new AtomicInteger();
    private volatile Optional<String> lockMode = Optional.of("COMPLIANCE");

    private record Answer(int status, String contentType, String body, Map<String, String> headers) {
        static Answer xml(int status, String xml) {
            return new Answer(
                    status, "application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml, Map.of());
        }

        static Answer error(int status, String code) {
            return xml(status, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
        }
    }

    public BucketServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String bucket() {
        return BUCKET;
    }

    BucketContent content() {
        return content;
    }

    /** Calls that no test should make: unknown ones, unsigned ones. */
    List<String> refused() {
        return refused;
    }

    /** Answers this action with 403 from now on. */
    public void deny(String action) {
        denied.add(action);
    }

    /** Answers the next writes with what S3 says while another write of the key is under way. */
    void conflict(int writes) {
        conflicts.set(writes);
    }

    /** Object Lock's default retention; empty for a bucket without Object Lock. */
    void lockMode(Optional<String> mode) {
        lockMode = mode;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, body);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (!isSigned(exchange, body)) {
            refused.add("unsigned: " + path + exchange.getRequestHeaders().entrySet());
            return Answer.error(403, "SignatureDoesNotMatch");
        }
        if (!path.equals("/" + BUCKET) && !path.startsWith("/" + BUCKET + "/")) {
            return Answer.error(404, "NoSuchBucket");
        }
        String key = path.length() > BUCKET.length() + 2 ? path.substring(BUCKET.length() + 2) : "";
        String method = exchange.getRequestMethod();
        if (key.isEmpty() && method.equals("GET") && query.keySet().equals(Set.of("object-lock"))) {
            return allowed("s3:GetBucketObjectLockConfiguration").orElseGet(this::lock);
        }
        if (key.isEmpty() && method.equals("GET") && query.containsKey("versions")) {
            return allowed("s3:ListBucketVersions").orElseGet(() -> list(query));
        }
        if (!key.isEmpty() && method.equals("GET") && query.keySet().equals(Set.of("versionId"))) {
            return allowed("s3:GetObjectVersion").orElseGet(() -> get(key, query.getOrDefault("versionId", "")));
        }
        if (!key.isEmpty() && method.equals("PUT") && query.isEmpty()) {
            return allowed("s3:PutObject").orElseGet(() -> put(exchange, key, body));
        }
        if (!key.isEmpty() && method.equals("DELETE") && query.isEmpty()) {
            return allowed("s3:DeleteObject").orElseGet(() -> delete(key));
        }
        refused.add(method + " " + exchange.getRequestURI());
        return Answer.error(501, "NotImplemented");
    }

    private Optional<Answer> allowed(String action) {
        return denied.contains(action) ? Optional.of(Answer.error(403, "AccessDenied")) : Optional.empty();
    }

    private Answer lock() {
        return lockMode.map(mode -> Answer.xml(200, """
                        <ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                        <ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>%s</Mode>\
                        <Days>365</Days></DefaultRetention></Rule></ObjectLockConfiguration>""".formatted(mode)))
                .orElseGet(() -> Answer.error(404, "ObjectLockConfigurationNotFoundError"));
    }

    private Answer put(HttpExchange exchange, String key, byte[] body) {
        String checksum = exchange.getRequestHeaders().getFirst("x-amz-checksum-sha256");
        if (checksum == null) {
            refused.add("no checksum: " + key);
            return Answer.error(400, "InvalidRequest");
        }
        if (!checksum.equals(Base64.getEncoder().encodeToString(sha256(body)))) {
            return Answer.error(400, "BadDigest");
        }
        String condition = exchange.getRequestHeaders().getFirst("If-None-Match");
        if (condition != null && !condition.equals("*")) {
            return Answer.error(501, "NotImplemented");
        }
        if (conflicts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return Answer.error(409, "ConditionalRequestConflict");
        }
        return content.put(key, new String(body, StandardCharsets.UTF_8), condition != null)
                .map(id -> new Answer(200, "application/xml", "", Map.of("x-amz-version-id", id)))
                .orElseGet(() -> Answer.error(412, "PreconditionFailed"));
    }

    private Answer delete(String key) {
        return new Answer(
                204,
                "application/xml",
                "",
                Map.of("x-amz-version-id", content.mark(key), "x-amz-delete-marker", "true"));
    }

    private Answer get(String key, String versionId) {
        return content.find(key, versionId)
                .map(version -> version.isMarker()
                        ? Answer.error(405, "MethodNotAllowed")
                        : new Answer(200, "text/plain", version.body(), Map.of("x-amz-version-id", version.id())))
                .orElseGet(() -> Answer.error(404, "NoSuchVersion"));
    }

    private Answer list(Map<String, String> query) {
        Set<String> known =
                Set.of("versions", "prefix", "key-marker", "version-id-marker", "max-keys", "encoding-type");
        if (!known.containsAll(query.keySet())) {
            refused.add("list " + query);
            return Answer.error(501, "NotImplemented");
        }
        int most = Math.min(BucketContent.MAX_PAGE, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
        List<Version> found = content.list(
                query.getOrDefault("prefix", ""),
                query.getOrDefault("key-marker", ""),
                query.getOrDefault("version-id-marker", ""),
                most + 1);
        boolean truncated = found.size() > most;
        List<Version> page = truncated ? found.subList(0, most) : found;
        String next = truncated
                ? "<NextKeyMarker>" + encoded(page.getLast().key(), query) + "</NextKeyMarker><NextVersionIdMarker>"
                        + page.getLast().id() + "</NextVersionIdMarker>"
                : "";
        return Answer.xml(
                200,
                "<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + BUCKET + "</Name>"
                        + (query.containsKey("encoding-type") ? "<EncodingType>url</EncodingType>" : "")
                        + "<MaxKeys>" + most + "</MaxKeys><IsTruncated>" + truncated + "</IsTruncated>" + next
                        + page.stream().map(version -> element(version, query)).collect(Collectors.joining())
                        + "</ListVersionsResult>");
    }

    private static String element(Version version, Map<String, String> query) {
        String kind = version.isMarker() ? "DeleteMarker" : "Version";
        return "<" + kind + "><Key>" + encoded(version.key(), query) + "</Key><VersionId>" + version.id()
                + "</VersionId><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                + (version.isMarker() ? "" : "<Size>" + version.body().length() + "</Size>") + "</" + kind + ">";
    }

    private static String encoded(String key, Map<String, String> query) {
        return query.containsKey("encoding-type") ? URLEncoder.encode(key, StandardCharsets.UTF_8) : key;
    }

    private static Map<String, String> query(String raw) {
        return raw == null
                ? Map.of()
                : Arrays.stream(raw.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(
                                pair -> pair[0],
                                pair -> pair.length == 2 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : ""));
    }

    /** Signed for S3; the signature covers what was written, and not only its checksum. */
    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String digest = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
        return authorization.matches(
                        "AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/eu-west-1/s3/aws4_request, SignedHeaders=.*,"
                                + " Signature=[0-9a-f]{64}")
                && (digest.equals(HexFormat.of().formatHex(sha256(body)))
                        || (body.length == 0 && digest.equals("UNSIGNED-PAYLOAD")));
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
