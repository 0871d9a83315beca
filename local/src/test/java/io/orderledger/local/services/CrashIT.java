package io.orderledger.local.services;

import static io.orderledger.local.services.Engines.PATIENCE;
import static io.orderledger.local.services.Engines.function;
import static io.orderledger.local.services.Engines.functionArn;
import static io.orderledger.local.services.Engines.queueArn;
import static io.orderledger.local.services.Engines.rule;
import static io.orderledger.local.services.Engines.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import io.orderledger.local.functions.Handlers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered survives kill -9 of the process that answered. */
class CrashIT {

    @TempDir
    Path folder;

    /** The process that is killed: engines in a folder, which may or may not deliver. */
    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            boolean delivers = Boolean.parseBoolean(arguments[1]);
            Engines engines = Engines.open(Path.of(arguments[0]), CrashIT::parts);
            if (delivers) {
                engines.resume();
            }
            System.out.println("ready " + engines.endpoint().uri());
            Thread.currentThread().join();
        }
    }

    @Test
    void an_event_that_was_answered_is_delivered_after_the_process_was_killed() throws Exception {
        List<String> ids = new ArrayList<>();
        killedAfter(false, endpoint -> {
            for (int i = 0; i < 20; i++) {
                ids.add(putEvent(endpoint, i));
            }
        });
        assertThat(Handlers.recorded(folder)).isEmpty();

        try (Engines engines = Engines.start(folder, CrashIT::parts)) {
            await().atMost(PATIENCE)
                    .until(() -> engines.bus().waiting() + engines.functions().waiting() == 0);
            assertThat(Handlers.recorded(folder)).hasSize(20);
            assertThat(ids)
                    .allSatisfy(id -> assertThat(Handlers.recorded(folder)).anyMatch(event -> event.contains(id)));
        }
    }

    @Test
    void no_event_is_lost_where_the_process_is_killed_in_the_middle_of_delivering() throws Exception {
        List<String> ids = new ArrayList<>();
        killedAfter(true, endpoint -> {
            for (int i = 0; i < 200; i++) {
                ids.add(putEvent(endpoint, i));
            }
        });
        try (Engines engines = Engines.start(folder, CrashIT::parts)) {
            await().atMost(PATIENCE)
                    .until(() -> engines.bus().waiting() + engines.functions().waiting() == 0);
            String all = String.join("\n", Handlers.recorded(folder));
            assertThat(ids).hasSize(200).allSatisfy(id -> assertThat(all).contains(id));
        }
    }

    @Test
    void a_message_that_was_answered_is_in_its_queue_after_the_process_was_killed() throws Exception {
        killedAfter(false, endpoint -> {
            for (int i = 0; i < 20; i++) {
                post(
                        endpoint,
                        "AmazonSQS.SendMessage",
                        "application/x-amz-json-1.0",
                        "{\"QueueUrl\":\"" + endpoint + "/" + Engines.ACCOUNT + "/dead\",\"MessageBody\":\"m" + i
                                + "\"}");
            }
        });
        try (Engines engines = Engines.open(folder, CrashIT::parts)) {
            assertThat(engines.queues().messages(queueArn("dead"))).isEqualTo(20);
        }
    }

    private interface Work {
        void run(URI endpoint) throws Exception;
    }

    private void killedAfter(boolean delivers, Work work) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        Boolean.toString(delivers))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            work.run(endpoint(child));
        } finally {
            child.destroyForcibly(); // SIGKILL
            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static URI endpoint(Process child) throws IOException {
        BufferedReader output = child.inputReader(UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ready ")) {
                return URI.create(line.substring("ready ".length()));
            }
        }
        throw new AssertionError("the process ended before it was ready");
    }

    private static String putEvent(URI endpoint, int number) throws Exception {
        String answer = post(
                endpoint,
                "AWSEvents.PutEvents",
                "application/x-amz-json-1.1",
                "{\"Entries\":[{\"EventBusName\":\"orders\",\"Source\":\"shop\",\"DetailType\":\"Placed\",\"Detail\":\"{\\\"n\\\":"
                        + number + "}\"}]}");
        return answer.replaceAll(".*\"EventId\":\"([^\"]+)\".*", "$1");
    }

    private static String post(URI endpoint, String target, String type, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(
                    HttpRequest.newBuilder(endpoint)
                            .header("X-Amz-Target", target)
                            .header("Content-Type", type)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    private static Engines.Parts parts(Engines.Parts parts) {
        parts.queues.add("dead");
        parts.functions.add(function("f", Handlers.Recorder.class, AsynchronousInvocation.DEFAULT));
        parts.rules.add(
                rule("r", "{\"source\":[\"shop\"]}", target(functionArn("f"), 185, Duration.ofDays(1), "dead")));
        return parts;
    }
}
