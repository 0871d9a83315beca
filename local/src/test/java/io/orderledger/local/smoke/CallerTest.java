package io.orderledger.local.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What a caller's requests look like when they arrive. */
class CallerTest {

    private static final String SECRET = "secret-of-a-test";

    /** A request as the server saw it; header names in lower case. */
    private record Arrived(String method, String rawPath, String rawQuery, Map<String, String> headers, String body) {}

    private final List<Arrived> arrived = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            arrived.add(new Arrived(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/live/");
    }

    @Test
    void the_stage_stays_in_the_path_and_key_and_token_are_sent() {
        try (Caller caller = new Caller(address(), new Authentication.Token("Bearer abc"), Optional.of("key"))) {
            caller.send("POST", "/orders", Map.of("Content-Type", "application/json"), "{}");
        }

        Arrived request = arrived.getFirst();
        assertThat(request.rawPath()).isEqualTo("/live/orders");
        assertThat(request.headers())
                .containsEntry("authorization", "Bearer abc")
                .containsEntry("x-api-key", "key")
                .containsEntry("content-type", "application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /orders?limit=1&customer=a%20b, ''",
        "POST, /orders, '{\"a\":\"é\"}'",
        "PUT, /orders/x/cancellation, ''"
    })
    void the_signature_is_the_one_that_aws_computes(String method, String path, String body)
            throws GeneralSecurityException {
        var credentials =
                StaticCredentialsProvider.create(AwsSessionCredentials.create("AKIDEXAMPLE", SECRET, "session"));
        try (Caller caller =
                new Caller(address(), new Authentication.Signature(credentials, "eu-west-1"), Optional.of("key"))) {
            caller.send(method, path, Map.of("Content-Type", "application/json", "Idempotency-Key", "k"), body);
        }

        Arrived request = arrived.getFirst();
        Matcher signed = Pattern.compile(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/([0-9]{8})/eu-west-1/execute-api/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})")
                .matcher(request.headers().get("authorization"));
        assertThat(signed.matches()).isTrue();
        assertThat(signed.group(2).split(";"))
                .contains("host", "idempotency-key", "x-amz-date", "x-amz-security-token", "x-api-key");
        assertThat(signed.group(3)).isEqualTo(signature(request, signed.group(1), signed.group(2)));
    }

    /** Written after AWS's description, with nothing of the SDK. */
    private static String signature(Arrived request, String date, String signedHeaders)
            throws GeneralSecurityException {
        String headers = List.of(signedHeaders.split(";")).stream()
                .map(name ->
                        name + ":" + String.valueOf(request.headers().get(name)).strip() + "\n")
                .collect(Collectors.joining());
        String query = List.of(request.rawQuery().split("&")).stream().sorted().collect(Collectors.joining("&"));
        String canonical = String.join(
                "\n",
                request.method(),
                request.rawPath(),
                query,
                headers,
                signedHeaders,
                sha256(request.body().getBytes(StandardCharsets.UTF_8)));
        String scope = date + "/eu-west-1/execute-api/aws4_request";
        String text = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                request.headers().get("x-amz-date"),
                scope,
                sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(date, "eu-west-1", "execute-api", "aws4_request", text)) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(key);
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "https://abc.execute-api.eu-west-1.amazonaws.com/live, eu-west-1",
        "https://abc.execute-api.cn-north-1.amazonaws.com.cn/live, cn-north-1",
        "https://orders.example/live, ''"
    })
    void the_region_is_read_from_the_apis_own_address(URI address, String region) {
        assertThat(Authentication.Signature.regionOf(address).orElse("")).isEqualTo(region);
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void a_caller_who_may_do_nothing_is_told_what_to_give(int refusal) {
        status = refusal;
        try (Caller caller = new Caller(address(), new Authentication.None(), Optional.empty())) {
            assertThatExceptionOfType(CouldNotStart.class)
                    .isThrownBy(() -> new SmokeTest(caller, Duration.ofSeconds(1)).run())
                    .withMessageContaining("(" + refusal + ")")
                    .withMessageContaining("--sigv4, --token or --api-key");
        }
        assertThat(arrived).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "orders/1, true",
        "/live/orders/1, true",
        "/orders/1, false",
        "orders/2, false",
        "'', false",
        "'not a uri', false"
    })
    void a_location_is_followed_from_the_requests_own_address(String location, boolean leads) {
        try (Caller caller = new Caller(address(), new Authentication.None(), Optional.empty())) {
            assertThat(caller.leadsTo(location, "/orders", "/orders/1")).isEqualTo(leads);
        }
    }

    @Test
    void a_token_is_never_shown() {
        assertThat(new Authentication.Token("secret").toString()).doesNotContain("secret");
    }
}
