package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.local.access.Listener;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.SamFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {

    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    @Test
    void a_local_route_is_served_beside_the_api() {
        LocalRoute health = new LocalRoute(
                "GET", "/health", () -> new LocalRoute.Answer(503, "application/json", "{\"up\":false}"));
        try (RunningGateway gateway = new RunningGateway(SamFolder.real().load(), health)) {
            HttpResponse<String> response = gateway.get("/health");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("{\"up\":false}");
            assertThat(header(response, "Content-Type")).isEqualTo("application/json");
            assertThat(gateway.sendJson("POST", "/health", "{}").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void an_unknown_route_or_method_is_403_with_a_problem() {
        try (RunningGateway gateway = new RunningGateway(SamFolder.real().load())) {
            List<HttpResponse<String>> responses = List.of(
                    gateway.get("/"),
                    gateway.get("/order"),
                    gateway.get("/orders/"),
                    gateway.get("/orders/a/b"),
                    gateway.get("//orders"),
                    gateway.sendJson("DELETE", "/orders", "{}"),
                    gateway.sendJson("PATCH", "/orders/a/cancellation", "{}"));

            assertThat(responses).allSatisfy(response -> {
                assertThat(response.statusCode()).isEqualTo(403);
                assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
                assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("MissingAuthenticationTokenException");
                assertThat(header(response, "x-request-id")).isEqualTo(header(response, "x-amz-apigw-id"));
            });
        }
    }

    @Test
    void a_service_that_cannot_be_reached_is_a_gateway_response() {
        ScriptedFunctions functions = new ScriptedFunctions();
        try (Gateway gateway =
                        Gateway.start(SamFolder.real().load(), Listener.loopback(0), NOBODY, functions, List.of());
                Client client = new Client(gateway.uri())) {
            String answer = client.send("PUT /orders/8e03978e-40d5-43e8-bc93-6894a57f9324/cancellation", "");

            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
        }
    }

    @Test
    void header_names_reach_a_function_in_the_clients_spelling() {
        ScriptedFunctions functions = new ScriptedFunctions();
        try (Gateway gateway =
                        Gateway.start(SamFolder.real().load(), Listener.loopback(0), NOBODY, functions, List.of());
                Client client = new Client(gateway.uri())) {
            client.send("GET /orders", "iDeMpOtEnCy-KEY: a\r\nx-lower: b\r\nX-Two: c\r\nX-Two: d\r\n");

            var headers = functions.onlyInvocation().event();
            assertThat(headers.path("headers").path("iDeMpOtEnCy-KEY").textValue())
                    .isEqualTo("a");
            assertThat(headers.path("headers").path("x-lower").textValue()).isEqualTo("b");
            assertThat(headers.path("headers").path("X-Two").textValue()).isEqualTo("d");
            assertThat(headers.path("multiValueHeaders").path("X-Two").size()).isEqualTo(2);
        }
    }

    @Test
    void a_port_in_use_is_said_so() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(GatewayCannotStart.class)
                    .isThrownBy(() -> Gateway.start(
                            SamFolder.real().load(),
                            Listener.loopback(taken.getLocalPort()),
                            NOBODY,
                            new ScriptedFunctions(),
                            List.of()))
                    .withMessageContaining("port " + taken.getLocalPort())
                    .satisfies(e -> assertThat(e.port()).isEqualTo(taken.getLocalPort()));
        }
    }

    @Test
    void a_mistake_in_a_template_stops_the_start_with_its_line(@TempDir Path directory) {
        SamFolder sam = SamFolder.copyIn(directory);
        int line = sam.replace("api.yaml", "$util.escapeJavaScript(", "$util.escapeEverything(");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() ->
                        Gateway.start(sam.load(), Listener.loopback(0), NOBODY, new ScriptedFunctions(), List.of()))
                .withMessageStartingWith(
                        "sam/api.yaml:" + line + ": the local run does not support $util.escapeEverything");
    }

    @Test
    void a_header_that_names_another_action_than_the_uri_stops_the_start(@TempDir Path directory) {
        SamFolder sam = SamFolder.copyIn(directory);
        int line = sam.replace("api.yaml", "'AWSEvents.PutEvents'", "'AWSEvents.PutEvent'");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() ->
                        Gateway.start(sam.load(), Listener.loopback(0), NOBODY, new ScriptedFunctions(), List.of()))
                .withMessage("sam/api.yaml:" + line
                        + ": X-Amz-Target must be 'AWSEvents.PutEvents', the action that the uri names");
    }

    @Test
    void a_changed_mapping_template_changes_what_is_stored(@TempDir Path directory) {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("api.yaml", "\\\"schemaVersion\\\":2", "\\\"schemaVersion\\\":77");
        try (RunningGateway gateway = new RunningGateway(sam.load())) {
            gateway.sendJson(
                    "POST",
                    "/orders",
                    "{\"customer\":{\"id\":\"a\"},\"currency\":\"GBP\","
                            + "\"items\":[{\"sku\":\"s\",\"quantity\":1,\"unitPrice\":1}]}");

            assertThat(gateway.services().onlyCall().body()).contains("\\\"schemaVersion\\\":77");
        }
    }

    /** A client that sends exactly what it is given. */
    private static final class Client implements AutoCloseable {

        private static final int PATIENCE_MILLISECONDS = 30_000;

        private final Socket socket;

        Client(URI address) {
            try {
                socket = new Socket(address.getHost(), address.getPort());
                socket.setSoTimeout(PATIENCE_MILLISECONDS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String send(String requestLine, String headers) {
            try {
                String request = requestLine + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                return head();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Everything up to the empty line that ends the headers. */
        private String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next)
                        .as("the connection was closed within the headers")
                        .isNotNegative();
                head.append((char) next);
            }
            return head.toString();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
