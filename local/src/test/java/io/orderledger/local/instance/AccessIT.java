package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.local.access.Exposure;
import io.orderledger.local.cli.CommandLineCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in where: one run for this machine, with an origin that may write, and one for whoever knows the token. */
class AccessIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final String SHOP = "https://shop.example";

    private static TestInstance loopback;
    private static TestInstance everywhere;

    @BeforeAll
    static void start() {
        loopback = TestInstance.start(TestInstance.SAM, Map.of("CorsAllowedOrigin", SHOP), Exposure.LOOPBACK);
        everywhere = TestInstance.start(
                TestInstance.SAM, Map.of(), new Exposure("0.0.0.0", Optional.empty(), Set.of("orders.internal")));
    }

    @AfterAll
    static void stop() {
        loopback.close();
        everywhere.close();
    }

    /** A page may send a body without naming its type, and the browser asks nobody whether it may. */
    @Test
    void a_page_of_another_origin_places_nothing() {
        String key = UUID.randomUUID().toString();

        RawHttp answer =
                post(api(loopback), "Host: localhost\r\nOrigin: https://evil.example\r\nIdempotency-Key: " + key);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.head()).contains("application/problem+json");
        // What comes after it is recorded after it.
        String later = json(loopback.post(order("later"))).path("orderId").asText();
        await().atMost(SETTLED_WITHIN).until(() -> isRecorded(loopback, later));
        assertThat(isRecorded(loopback, key)).isFalse();
    }

    @Test
    void a_page_that_points_its_own_name_here_is_served_nothing() {
        for (URI address : List.of(api(loopback), loopback.run().instance().services(), control(loopback))) {
            assertThat(get(address, "/orders", "Host: evil.example").status()).isEqualTo(403);
            assertThat(post(address, "Host: evil.example\r\nOrigin: http://evil.example")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void pages_of_the_allowed_origin_and_of_this_address_place_orders() {
        HttpResponse<String> shop = loopback.post(order("shop"), "Origin", SHOP);
        HttpResponse<String> own =
                loopback.post(order("own"), "Origin", api(loopback).toString());

        assertThat(shop.statusCode()).as(shop.body()).isEqualTo(200);
        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/orders", "/health", "/", "/nowhere", "/orders/8e03978e-40d5-43e8-bc93-6894a57f9324/history"})
    void beyond_loopback_everything_needs_the_token(String path) {
        HttpResponse<String> answer = everywhere.get(path);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(json(answer).path("status").asInt()).isEqualTo(401);
        assertThat(everywhere.send("OPTIONS", path, "").statusCode()).isEqualTo(401);
    }

    @Test
    void beyond_loopback_nothing_is_placed_without_the_token() {
        assertThat(everywhere.post(order("stranger")).statusCode()).isEqualTo(401);
        assertThat(everywhere
                        .post(order("stranger"), "Authorization", "Bearer " + "0".repeat(64))
                        .statusCode())
                .isEqualTo(401);

        HttpResponse<String> placed = everywhere.post(order("friend"), "Authorization", "Bearer " + token());
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        String id = json(placed).path("orderId").asText();
        await().atMost(SETTLED_WITHIN).until(() -> isRecorded(everywhere, id));
        assertThat(everywhere.query("select payload->'customer'->>'id' from ledger.event"))
                .doesNotContain("stranger");
    }

    @Test
    void the_token_is_in_files_for_the_owner_and_commands_find_it() throws Exception {
        String id = json(everywhere.post(order("history"), "Authorization", "Bearer " + token()))
                .path("orderId")
                .asText();
        await().atMost(SETTLED_WITHIN).until(() -> isRecorded(everywhere, id));

        CommandLineCalls.Result timeline =
                CommandLineCalls.run("order", id, "--data", everywhere.data().toString());

        assertThat(timeline.exitCode()).as(timeline.err()).isZero();
        assertThat(timeline.out()).contains("OrderPlaced");
        for (String file : List.of("access-token", "instance.json")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(everywhere.data().resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(String.join("\n", everywhere.run().describe()))
                .contains("access-token")
                .doesNotContain(token());
    }

    /** What speaks AWS's protocols and what speaks to our own commands is for this machine, whatever the API is for. */
    @Test
    void only_the_api_listens_beyond_loopback() throws IOException {
        List<InetAddress> others = java.net.NetworkInterface.networkInterfaces()
                .flatMap(java.net.NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        for (InetAddress other : others) {
            assertThat(answers(other, everywhere.run().instance().services())).isFalse();
            assertThat(answers(other, control(everywhere))).isFalse();
            assertThat(answers(other, api(loopback))).isFalse();
        }
        assertThat(answers(InetAddress.getByName("127.0.0.2"), api(everywhere))).isTrue();
        assertThat(answers(InetAddress.getByName("127.0.0.2"), api(loopback))).isFalse();
    }

    private static String token() {
        try {
            return Files.readString(everywhere.data().resolve("access-token")).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static URI api(TestInstance instance) {
        return instance.run().instance().api();
    }

    private static URI control(TestInstance instance) {
        return instance.run().instance().control();
    }

    private static boolean isRecorded(TestInstance instance, String eventId) {
        return !instance.query("select version from ledger.event where event_id = '" + eventId + "'")
                .isEmpty();
    }

    private static boolean answers(InetAddress address, URI uri) {
        try (Socket socket = new Socket(address, uri.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What Java's client would not send. */
    private static RawHttp get(URI address, String path, String headers) {
        return RawHttp.send(address, "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n\r\n", new byte[0]);
    }

    private static RawHttp post(URI address, String headers) {
        byte[] body = order("page").getBytes(StandardCharsets.UTF_8);
        return RawHttp.send(
                address,
                "POST /orders HTTP/1.1\r\n" + headers + "\r\nContent-Length: " + body.length + "\r\n\r\n",
                body);
    }
}
