package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import io.orderledger.local.cli.OrderLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Replaying a selection by the command line: of a running instance, and of a stack by AWS's own protocols. */
class ReplaySelectionIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);
    private static final Duration CHILD_ENDS_WITHIN = Duration.ofSeconds(90);
    private static final int ORDERS = 3;

    private static TestInstance instance;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void counts_what_waits_replays_a_part_of_it_and_then_the_rest() {
        List<UUID> waiting = deadLetters();

        JsonNode counted = json(local("replay", "--dry-run", "-o", "json").out());
        assertThat(counted.path("status").asText()).isEqualTo("done");
        assertThat(counted.at("/data/matching").asInt()).isEqualTo(ORDERS);
        assertThat(counted.at("/data/groups/0/queue").asText()).isEqualTo("function");
        assertThat(counted.at("/data/groups/0/reason").asText()).isEqualTo("database-away");
        assertThat(local("replay", "--dry-run").out()).contains("QUEUE", "database-away", "nothing was changed");

        Result none = local("replay", "--reason", "throttled", "--since", "1h");
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).contains("appended 0");

        Result one = local("replay", "--reason", "database-away", "--limit", "1", "--rate", "1000");
        assertThat(one.exitCode()).isZero();
        assertThat(one.out()).contains("appended 1");
        assertThat(one.err()).contains("replayed 1 of about 1");

        JsonNode rest = json(local("replay", "--since", "1h", "-o", "json").out());
        assertThat(rest.at("/data/appended").asInt()).isEqualTo(ORDERS - 1);
        assertThat(waiting)
                .allSatisfy(id ->
                        assertThat(instance.get("/orders/" + id).statusCode()).isEqualTo(200));
        assertThat(local("replay").out()).contains("appended 0", "duplicate 0");
    }

    @Test
    void asks_the_function_of_a_stack_that_it_finds_by_the_stacks_outputs() throws Exception {
        deadLetters();
        try (StackStandIn aws = new StackStandIn(instance.run().instance())) {
            Result counted = onStack(aws, "replay", "--dry-run", "-o", "json");
            assertThat(counted.exitCode()).as(counted.err()).isZero();
            assertThat(json(counted.out()).at("/data/matching").asInt()).isEqualTo(ORDERS);

            Result replayed = onStack(aws, "replay", "--reason", "database-away", "--rate", "100");
            assertThat(replayed.exitCode()).as(replayed.err()).isZero();
            assertThat(replayed.out()).contains("appended " + ORDERS);

            Result listed = onStack(aws, "dead-letters", "list", "-o", "json");
            assertThat(listed.exitCode()).as(listed.err()).isZero();
            assertThat(json(listed.out()).at("/data/messages").isArray()).isTrue();
        }
    }

    @Test
    void says_what_is_wrong_with_a_stack_that_is_not_there_or_not_this_product() throws Exception {
        try (StackStandIn aws = new StackStandIn(instance.run().instance())) {
            Result unknown = run(aws, "replay", "--stack", "another");
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).contains("there is no stack another here");

            Result other = run(aws, "replay", "--stack", StackStandIn.WITHOUT_OUTPUTS);
            assertThat(other.exitCode()).isEqualTo(2);
            assertThat(other.err()).contains("has no output ReplayDeadLettersFunctionName");
        }
    }

    @Test
    void notes_whose_credentials_made_a_decision_on_a_stack() throws Exception {
        UUID key = UUID.randomUUID();
        instance.post(order("decided"), "Idempotency-Key", key.toString());
        await().atMost(SETTLED_WITHIN)
                .until(() -> instance.get("/orders/" + key).statusCode() == 200);
        instance.post(order("decided").replace("GBP", "EUR"), "Idempotency-Key", key.toString());
        String query = "select encode(message_digest, 'hex') from ledger.refused where event_id = '" + key + "'";
        await().atMost(SETTLED_WITHIN).until(() -> instance.query(query).size() == 1);

        try (StackStandIn aws = new StackStandIn(instance.run().instance())) {
            Result dropped =
                    onStack(aws, "dead-letters", "drop", instance.query(query).getFirst(), "--why", "a test", "--yes");

            assertThat(dropped.exitCode()).as(dropped.err()).isZero();
        }
        assertThat(instance.query(
                        "select actor from ledger.parked_action a join ledger.refused r using (message_digest)"
                                + " where r.event_id = '" + key + "'"))
                .containsExactly(StackStandIn.CALLER);
    }

    /** Its schedule runs on AWS alone; here it is invoked by hand, with the settings that the template gives it. */
    @Test
    void what_replays_by_itself_takes_one_message_then_two() {
        deadLetters();
        Instance running = instance.run().instance();
        try (LambdaClient functions = LambdaClient.builder()
                .endpointOverride(running.services())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SETTLED_WITHIN))
                .build()) {
            for (int expected : new int[] {1, 2, 0}) {
                String name = running.functions().get("SelfReplayFunction");
                JsonNode answer = json(functions
                        .invoke(request -> request.functionName(name).payload(SdkBytes.fromUtf8String("{}")))
                        .payload()
                        .asUtf8String());
                assertThat(answer.path("appended").asInt(-1))
                        .as(answer.toString())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void refuses_options_that_make_no_sense() {
        for (String[] arguments : new String[][] {
            {"--rate", "0"},
            {"--rate", "1001"},
            {"--limit", "0"},
            {"--since", "noon"},
            {"--queue", "another"},
            {"--since", "1h", "--until", "2h"}
        }) {
            Result result = local(
                    Stream.concat(Stream.of("replay"), Stream.of(arguments)).toArray(String[]::new));
            assertThat(result.exitCode()).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(result.err()).hasLineCount(1);
        }
    }

    /** Orders that were accepted while the database was away, and that their function has given up. */
    private static List<UUID> deadLetters() {
        Control control = new Control(instance.run().instance());
        List<UUID> ids = new ArrayList<>();
        control.stopDatabase();
        try {
            for (int number = 0; number < ORDERS; number++) {
                ids.add(UUID.fromString(
                        json(instance.post(order("waiting"))).path("orderId").asText()));
            }
            await().atMost(SETTLED_WITHIN)
                    .until(() -> json(instance.get("/health"))
                                    .at("/deadLetters/FunctionDeadLetterQueue")
                                    .asInt()
                            == ORDERS);
        } finally {
            control.startDatabase();
        }
        return ids;
    }

    private static Result local(String... arguments) {
        return CommandLineCalls.run(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--data", instance.data().toString()))
                .toArray(String[]::new));
    }

    private static Result onStack(StackStandIn aws, String... arguments) throws Exception {
        return run(
                aws,
                Stream.concat(Stream.of(arguments), Stream.of("--stack", StackStandIn.NAME))
                        .toArray(String[]::new));
    }

    /** In a process of its own, whose environment says where AWS is, as a person's does. */
    private static Result run(StackStandIn aws, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-Dorderledger.root=" + Path.of("..").toAbsolutePath().normalize(),
                "-classpath",
                System.getProperty("java.class.path"),
                OrderLedger.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("AWS_ENDPOINT_URL", aws.uri().toString());
        builder.environment().put("AWS_ACCESS_KEY_ID", "test");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
        builder.environment().put("AWS_REGION", "us-east-1");
        // A real CloudFormation server in place of the stand-in's answer, where the gate starts one.
        String cloudFormation = System.getProperty("cloudformation.endpoint", "");
        if (!cloudFormation.isEmpty()) {
            aws.createIn(cloudFormation);
            builder.environment().put("AWS_ENDPOINT_URL_CLOUDFORMATION", cloudFormation);
        }
        Path err = java.nio.file.Files.createTempFile("order-ledger", ".err");
        Process process = builder.redirectError(err.toFile()).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(CHILD_ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            return new Result(process.exitValue(), out, java.nio.file.Files.readString(err));
        } finally {
            process.destroyForcibly();
            java.nio.file.Files.deleteIfExists(err);
        }
    }
}
