package io.orderledger.local.services;

import io.orderledger.local.bus.EventBus;
import io.orderledger.local.definitions.BusDefinition;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import io.orderledger.local.definitions.Location;
import io.orderledger.local.definitions.PermissionDefinition;
import io.orderledger.local.definitions.QueueDefinition;
import io.orderledger.local.definitions.RuleDefinition;
import io.orderledger.local.definitions.TargetDefinition;
import io.orderledger.local.definitions.WorkflowDefinition;
import io.orderledger.local.deliveries.DeliveryStore;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.queues.Queues;
import io.orderledger.local.workflow.Workflows;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Bus, functions, workflows, queues and their endpoint in one folder, with the real SDK clients to call them. */
public final class Engines implements AutoCloseable {

    public static final String REGION = "eu-west-1";
    public static final String ACCOUNT = "123456789012";
    public static final Location HERE = new Location("sam/template.yaml", 1);
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What an engine is made of; tests add to it. */
    public static final class Parts {
        public final List<FunctionDefinition> functions = new ArrayList<>();
        public final List<RuleDefinition> rules = new ArrayList<>();
        public final List<String> queues = new ArrayList<>();
        public final List<WorkflowDefinition> workflows = new ArrayList<>();
        public SpeedFactor speed = new SpeedFactor(6000);
        public int maximumWaiting = Functions.MAXIMUM_WAITING;
    }

    private final ServicesEndpoint endpoint = ServicesEndpoint.open();
    private final DeliveryStore store;
    private final Queues queues;
    private final Functions functions;
    private final EventBus bus;
    private final Workflows workflows;
    private final SqsClient sqs;
    private final EventBridgeClient eventBridge;
    private final SfnClient sfn;

    private Engines(Path folder, Parts parts) {
        store = DeliveryStore.open(folder.resolve("bus"));
        Clock clock = Clock.systemUTC();
        Surroundings surroundings = Surroundings.of(parts.speed, clock);
        queues = Queues.open(
                folder.resolve("queues"),
                parts.queues.stream().map(name -> queue(name, endpoint.uri())).toList(),
                endpoint.uri(),
                REGION,
                ACCOUNT);
        functions = Functions.open(
                parts.functions,
                _ -> Map.of("FOLDER", folder.toString()),
                store,
                queues,
                parts.speed,
                clock,
                parts.maximumWaiting);
        var orders =
                new BusDefinition(HERE, "Orders", "orders", "arn:aws:events:eu-west-1:123456789012:event-bus/orders");
        bus = new EventBus(REGION, ACCOUNT, List.of(orders), parts.rules, store, functions, queues, surroundings);
        workflows = new Workflows(
                parts.workflows.stream().map(this::withQueueUrls).toList(), functions, queues, surroundings);
        endpoint.serve(bus, workflows, queues, functions);
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
        sqs = SqsClient.builder()
                .endpointOverride(endpoint.uri())
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .build();
        eventBridge = EventBridgeClient.builder()
                .endpointOverride(endpoint.uri())
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .build();
        sfn = SfnClient.builder()
                .endpointOverride(endpoint.uri())
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .overrideConfiguration(configuration ->
                        configuration.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
                .build();
    }

    /** Opens the engines without delivering anything yet. */
    public static Engines open(Path folder, UnaryOperator<Parts> with) {
        return new Engines(folder, with.apply(new Parts()));
    }

    /** Opens the engines and lets them deliver. */
    public static Engines start(Path folder, UnaryOperator<Parts> with) {
        Engines engines = open(folder, with);
        engines.resume();
        return engines;
    }

    public void resume() {
        functions.resume();
        bus.resume();
    }

    public ServicesEndpoint endpoint() {
        return endpoint;
    }

    public Functions functions() {
        return functions;
    }

    public EventBus bus() {
        return bus;
    }

    public Workflows workflows() {
        return workflows;
    }

    public Queues queues() {
        return queues;
    }

    public SqsClient sqs() {
        return sqs;
    }

    public EventBridgeClient eventBridge() {
        return eventBridge;
    }

    public SfnClient sfn() {
        return sfn;
    }

    public String queueUrl(String name) {
        return queue(name, endpoint.uri()).url();
    }

    /** Waits for the next message of a queue and deletes it. */
    public Message take(String queueName) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            List<Message> messages = sqs.receiveMessage(request -> request.queueUrl(queueUrl(queueName))
                            .waitTimeSeconds(1)
                            .messageAttributeNames("All"))
                    .messages();
            if (!messages.isEmpty()) {
                Message message = messages.getFirst();
                sqs.deleteMessage(
                        request -> request.queueUrl(queueUrl(queueName)).receiptHandle(message.receiptHandle()));
                return message;
            }
        }
        throw new AssertionError("no message came to " + queueName);
    }

    public @Nullable String attribute(String queueName, QueueAttributeName name) {
        return sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl(queueName)).attributeNames(name))
                .attributes()
                .get(name);
    }

    @Override
    public void close() {
        sqs.close();
        eventBridge.close();
        sfn.close();
        endpoint.close();
        bus.close();
        functions.close();
        queues.close();
        store.close();
    }

    /** Puts queue URLs, which are known only now, in the place of {@code QUEUE_URL}. */
    private WorkflowDefinition withQueueUrls(WorkflowDefinition workflow) {
        return new WorkflowDefinition(
                workflow.location(),
                workflow.logicalId(),
                workflow.name(),
                workflow.arn(),
                workflow.file(),
                workflow.definition().replace("QUEUE_URL", queueUrl("kept")));
    }

    public static QueueDefinition queue(String name, URI services) {
        return new QueueDefinition(
                HERE,
                name,
                name,
                queueArn(name),
                services + "/" + ACCOUNT + "/" + name,
                Duration.ofSeconds(30),
                Duration.ofDays(14),
                Duration.ZERO,
                Duration.ZERO);
    }

    public static String queueArn(String name) {
        return "arn:aws:sqs:" + REGION + ":" + ACCOUNT + ":" + name;
    }

    public static String functionArn(String name) {
        return "arn:aws:lambda:" + REGION + ":" + ACCOUNT + ":function:" + name;
    }

    public static String ruleArn(String name) {
        return "arn:aws:events:" + REGION + ":" + ACCOUNT + ":rule/orders/" + name;
    }

    /** A function that EventBridge's rules may invoke, with 10 seconds to answer. */
    public static FunctionDefinition function(String name, Class<?> handler, AsynchronousInvocation asynchronous) {
        return function(name, handler, asynchronous, Duration.ofSeconds(10), OptionalInt.empty(), true);
    }

    public static FunctionDefinition function(
            String name,
            Class<?> handler,
            AsynchronousInvocation asynchronous,
            Duration timeout,
            OptionalInt concurrency,
            boolean permitted) {
        var permission = new PermissionDefinition(
                HERE, functionArn(name), "lambda:InvokeFunction", "events.amazonaws.com", Optional.of(ruleArn("*")));
        return new FunctionDefinition(
                HERE,
                name,
                name,
                functionArn(name),
                Optional.of("live"),
                handler.getName(),
                Map.of("NAME", name),
                timeout,
                512,
                concurrency,
                asynchronous,
                permitted ? List.of(permission) : List.of());
    }

    public static RuleDefinition rule(String name, String pattern, TargetDefinition... targets) {
        return new RuleDefinition(HERE, HERE, name, name, ruleArn(name), "orders", pattern, true, List.of(targets));
    }

    public static TargetDefinition target(String functionArn, int retries, Duration age, String deadLetterQueue) {
        return new TargetDefinition(HERE, "target", functionArn, retries, age, Optional.of(queueArn(deadLetterQueue)));
    }
}
