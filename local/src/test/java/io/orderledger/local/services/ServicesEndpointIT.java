package io.orderledger.local.services;

import static io.orderledger.local.services.Engines.queueArn;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesEndpointIT {

    private static final String PUT_EVENTS = "AWSEvents.PutEvents";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static Engines engines;

    @BeforeAll
    static void start() {
        engines = Engines.start(folder, parts -> {
            parts.queues.add("q");
            return parts;
        });
    }

    @AfterAll
    static void stop() {
        engines.close();
    }

    @Test
    void answers_in_the_protocol_version_it_was_asked_in_with_a_request_id() throws Exception {
        HttpResponse<String> response = post(
                "/",
                "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":\"{}\"}]}",
                "X-Amz-Target",
                PUT_EVENTS,
                "Content-Type",
                "application/x-amz-json-1.1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/x-amz-json-1.1");
        assertThat(response.headers().firstValue("x-amzn-requestid")).isNotEmpty();
        assertThat(response.body())
                .matches("\\{\"Entries\":\\[\\{\"EventId\":\"[0-9a-f-]{36}\"}],\"FailedEntryCount\":0}");
    }

    @Test
    void writes_errors_as_aws_does() throws Exception {
        HttpResponse<String> empty =
                post("/", "{\"Entries\":[]}", "X-Amz-Target", PUT_EVENTS, "Content-Type", "application/x-amz-json-1.1");
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).startsWith("{\"__type\":\"ValidationException\",\"message\":\"");

        HttpResponse<String> broken = post("/", "{\"Entries\":", "X-Amz-Target", PUT_EVENTS);
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("SerializationException");

        HttpResponse<String> wrongType = post(
                "/",
                "{\"Entries\":[{\"Source\":7,\"DetailType\":\"t\",\"Detail\":\"{}\"}]}",
                "X-Amz-Target",
                PUT_EVENTS);
        assertThat(wrongType.body()).contains("SerializationException");

        HttpResponse<String> unknown = post("/", "{}", "X-Amz-Target", "AWSEvents.DeleteEverything");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("UnknownOperationException");

        HttpResponse<String> nothing = post("/", "{}");
        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(nothing.body()).contains("UnknownOperationException");

        HttpResponse<String> machine = post(
                "/",
                "{}",
                "X-Amz-Target",
                "AWSStepFunctions.StartSyncExecution",
                "Content-Type",
                "application/x-amz-json-1.0");
        assertThat(machine.statusCode()).isEqualTo(400);
        assertThat(machine.headers().firstValue("content-type")).contains("application/x-amz-json-1.0");
    }

    @Test
    void refuses_text_that_utf8_cannot_hold() throws Exception {
        HttpResponse<String> source = post(
                "/",
                "{\"Entries\":[{\"Source\":\"\\ud800\",\"DetailType\":\"t\",\"Detail\":\"{}\"}]}",
                "X-Amz-Target",
                PUT_EVENTS);
        assertThat(source.body()).contains("\"ErrorCode\":\"InvalidArgument\"").contains("\"FailedEntryCount\":1");

        HttpResponse<String> detail = post(
                "/",
                "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":\"{\\\"a\\\":\\\"\\ud800\\\"}\"}]}",
                "X-Amz-Target",
                PUT_EVENTS);
        assertThat(detail.body()).contains("\"ErrorCode\":\"MalformedDetail\"");
    }

    @Test
    void refuses_requests_of_web_pages() throws Exception {
        HttpResponse<String> page = post("/", "{}", "X-Amz-Target", PUT_EVENTS, "Origin", "http://evil.example");
        HttpResponse<String> ownPage = post(
                "/",
                "{}",
                "X-Amz-Target",
                PUT_EVENTS,
                "Origin",
                engines.endpoint().uri().toString());
        HttpResponse<String> silentPage = post("/", "{}", "X-Amz-Target", PUT_EVENTS, "Sec-Fetch-Site", "cross-site");

        assertThat(List.of(page, ownPage, silentPage)).allSatisfy(response -> {
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("web pages are not served");
        });
    }

    @Test
    void refuses_what_an_image_in_a_web_page_could_ask_for() throws IOException {
        assertThat(raw(get("/000000000000/rule?Action=PurgeQueue"))).startsWith("HTTP/1.1 405");
    }

    @Test
    void refuses_requests_for_another_host_name() throws IOException {
        assertThat(raw("POST / HTTP/1.1\r\nHost: evil.example:80\r\nX-Amz-Target: " + PUT_EVENTS
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("POST / HTTP/1.1\r\nHost: sync-localhost\r\nX-Amz-Target: " + PUT_EVENTS
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void refuses_a_request_that_is_too_large() throws Exception {
        HttpResponse<String> response =
                post("/", " ".repeat(ServicesEndpoint.REQUEST_LIMIT_BYTES + 1), "X-Amz-Target", PUT_EVENTS);

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void listens_on_loopback_only() throws SocketException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        assertThat(others).noneMatch(ServicesEndpointIT::answers);
        assertThat(answers(InetAddress.getLoopbackAddress())).isTrue();
    }

    @Test
    void passes_sqs_on_in_the_query_protocol() throws Exception {
        String form = "application/x-www-form-urlencoded";
        HttpResponse<String> sent = post(
                "/" + Engines.ACCOUNT + "/q",
                "Action=SendMessage&Version=2012-11-05&MessageBody=caf%C3%A9%20%26%20more",
                "Content-Type",
                form);
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.body()).contains("<SendMessageResponse").contains("<MessageId>");

        HttpResponse<String> received = post(
                "/",
                "Action=ReceiveMessage&Version=2012-11-05&QueueUrl=" + engines.queueUrl("q"),
                "Content-Type",
                form);
        assertThat(received.body()).contains("<Body>café &amp; more</Body>");
        assertThat(engines.queues().messages(queueArn("q"))).isEqualTo(1);
    }

    @Test
    void says_that_it_is_starting_before_it_serves() throws Exception {
        try (ServicesEndpoint endpoint = ServicesEndpoint.open()) {
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(endpoint.uri())
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(503);
        }
    }

    private static HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(engines.endpoint().uri() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends a request as it is, and returns the first line of the answer. */
    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), engines.endpoint().uri().getPort())) {
            socket.setSoTimeout((int) Engines.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(answer.readLine());
        }
    }

    private static boolean answers(InetAddress address) {
        try (var _ = new Socket(address, engines.endpoint().uri().getPort())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
