package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the project's own definitions become. */
class StackTest {

    private final Stack stack = SamFolder.real().load();

    @Test
    void a_function_has_its_handler_and_the_environment_of_globals_and_its_own() {
        FunctionDefinition createOrder = function("CreateOrderFunction");

        assertThat(createOrder.arn())
                .isEqualTo("arn:aws:lambda:eu-west-1:123456789012:function:orders-CreateOrderFunction");
        assertThat(createOrder.handler()).isEqualTo("io.orderledger.handlers.createorder.CreateOrder");
        assertThat(createOrder.environment())
                .containsEntry("PGHOST", "127.0.0.1")
                .containsEntry("PGPORT", "5555")
                .containsEntry("PGDATABASE", "orders")
                .containsEntry("PGUSER", "ledger_recorder");
        assertThat(function("MigrateFunction").environment()).containsEntry("PGHOST", "127.0.0.2");
    }

    @Test
    void failed_events_of_create_order_go_to_a_queue_of_this_stack() {
        FunctionDefinition createOrder = function("CreateOrderFunction");

        assertThat(createOrder.asynchronous().onFailureQueueArn())
                .contains("arn:aws:sqs:eu-west-1:123456789012:orders-FunctionDeadLetterQueue");
        assertThat(stack.queues())
                .extracting(QueueDefinition::arn)
                .contains("arn:aws:sqs:eu-west-1:123456789012:orders-FunctionDeadLetterQueue");
    }

    @Test
    void the_rule_may_invoke_its_function_and_another_rule_may_not() {
        RuleDefinition rule = stack.rules().getFirst();
        String function = rule.targets().getFirst().arn();

        assertThat(stack.mayInvoke(function, "events.amazonaws.com", rule.arn()))
                .isTrue();
        assertThat(stack.mayInvoke(function, "events.amazonaws.com", rule.arn() + "2"))
                .isFalse();
        assertThat(stack.mayInvoke(function, "apigateway.amazonaws.com", rule.arn()))
                .isFalse();
        assertThat(function).isEqualTo(function("CreateOrderFunction").arn() + ":live");
        assertThat(stack.mayInvoke(function("CreateOrderFunction").arn(), "events.amazonaws.com", rule.arn()))
                .isFalse();
    }

    @Test
    void the_rule_may_send_to_its_dead_letter_queue_and_to_no_other() {
        RuleDefinition rule = stack.rules().getFirst();
        String own = rule.targets().getFirst().deadLetterQueueArn().orElseThrow();

        assertThat(stack.maySend(own, "events.amazonaws.com", rule.arn())).isTrue();
        assertThat(stack.maySend(own, "events.amazonaws.com", "arn:aws:events:eu-west-1:123456789012:rule/other"))
                .isFalse();
        assertThat(stack.queues().stream()
                        .filter(queue -> stack.maySend(queue.arn(), "events.amazonaws.com", rule.arn())))
                .hasSize(1);
    }

    @Test
    void the_rule_listens_to_the_bus_of_this_stack_with_its_pattern_as_json() {
        RuleDefinition rule = stack.rules().getFirst();

        assertThat(rule.busName()).isEqualTo(stack.buses().getFirst().name()).isEqualTo("orders-orders");
        assertThat(rule.eventPattern())
                .isEqualTo("{\"source\":[\"order-ledger.api\"],\"detail-type\":[\"OrderPlacementRequested\"]}");
        assertThat(rule.targets().getFirst().maximumEventAge()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void the_workflow_has_its_substitutions_and_keeps_its_lines() {
        WorkflowDefinition workflow = stack.workflows().getFirst();

        assertThat(workflow.file()).isEqualTo("sam/cancel-order.asl.json");
        assertThat(workflow.definition())
                .contains("arn:aws:lambda:eu-west-1:123456789012:function:orders-CancelOrderFunction")
                .contains("https://sqs.eu-west-1.amazonaws.com/123456789012/orders-WorkflowDeadLetterQueue")
                .doesNotContain("${");
        assertThat(workflow.arn()).isEqualTo("arn:aws:states:eu-west-1:123456789012:stateMachine:orders-cancel-order");
    }

    @Test
    void queue_urls_come_from_the_context_wherever_they_are_used() {
        StackContext amazon = SamFolder.context(Map.of());
        Stack local = Stack.load(
                Path.of("../sam"),
                new StackContext(
                        amazon.region(),
                        amazon.accountId(),
                        amazon.stackName(),
                        amazon.parameters(),
                        name -> "http://127.0.0.1:9324/" + name));

        String url = "http://127.0.0.1:9324/orders-RuleDeadLetterQueue";
        assertThat(local.queues()).extracting(QueueDefinition::url).contains(url);
        assertThat(local.functions())
                .filteredOn(function -> function.logicalId().equals("ReplayDeadLettersFunction"))
                .singleElement()
                .satisfies(replay -> assertThat(replay.environment()).containsEntry("RULE_DEAD_LETTER_QUEUE_URL", url));
        assertThat(local.outputs()).containsEntry("RuleDeadLetterQueueUrl", url);
    }

    @Test
    void a_custom_resource_gets_its_properties_as_text() {
        CustomResourceDefinition migration = stack.customResources().getFirst();

        assertThat(migration.serviceToken())
                .isEqualTo(function("MigrateFunction").arn());
        assertThat(migration.properties().get("SchemaVersion").isTextual()).isTrue();
    }

    /** The schedule, the bucket and the key have no effect here: the local run exports its heads itself. */
    @Test
    void nothing_here_invokes_the_function_that_exports_heads_on_aws() {
        FunctionDefinition exporter = function("ExportHeadsFunction");

        assertThat(exporter.environment())
                .containsEntry("PGUSER", "ledger_reader")
                .containsEntry("HEAD_PREFIX", "heads/")
                .containsEntry("HEAD_BUCKET", "orders-HeadBucket")
                .containsEntry("HEAD_KEY_ID", "arn:aws:kms:eu-west-1:123456789012:key/orders-HeadSigningKey");
        assertThat(stack.rules())
                .flatExtracting(RuleDefinition::targets)
                .extracting(TargetDefinition::arn)
                .doesNotContain(exporter.arn());
        assertThat(stack.outputs()).containsEntry("HeadsLocation", "s3://orders-HeadBucket/heads");
    }

    @Test
    void routes_know_their_throttle_their_validator_and_their_model() {
        Route placing = stack.api().routes().stream()
                .filter(route -> route.method().equals("POST"))
                .findFirst()
                .orElseThrow();

        assertThat(placing.throttle()).contains(new Route.Throttle(500, 1000));
        assertThat(placing.validation()).isEqualTo(new Route.Validation(true, true));
        assertThat(placing.models()).containsOnlyKeys("application/json");
    }

    private FunctionDefinition function(String logicalId) {
        return stack.functions().stream()
                .filter(function -> function.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
    }
}
