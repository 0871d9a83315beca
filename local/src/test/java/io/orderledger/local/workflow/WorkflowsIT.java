package io.orderledger.local.workflow;

import static io.orderledger.local.services.Engines.function;
import static io.orderledger.local.services.Engines.functionArn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import io.orderledger.local.definitions.WorkflowDefinition;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.functions.Handlers;
import io.orderledger.local.services.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;

class WorkflowsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_TODAY = Handlers.NotToday.class.getName();

    @TempDir
    Path folder;

    @Test
    void invokes_a_function_and_shapes_its_answer() throws IOException {
        WorkflowDefinition workflow = Machines.states("'A':{" + invoke("echo")
                + ",'ResultSelector':{'got.$':'$.Payload','status.$':'$.StatusCode'},'ResultPath':'$.r','End':true}");
        try (Engines engines = with(workflow)) {
            StartSyncExecutionResponse answer = start(engines, "{\"text\":\"O'Brien \uD83C\uDF55\"}");

            assertThat(answer.status()).isEqualTo(SyncExecutionStatus.SUCCEEDED);
            assertThat(JSON.readTree(answer.output()))
                    .isEqualTo(JSON.readTree("{\"text\":\"O'Brien \uD83C\uDF55\","
                            + "\"r\":{\"got\":{\"text\":\"O'Brien \uD83C\uDF55\"},\"status\":200}}"));
            assertThat(answer.stateMachineArn()).isEqualTo(Machines.ARN);
            assertThat(answer.executionArn()).startsWith("arn:aws:states:eu-west-1:123456789012:express:w:");
            assertThat(answer.startDate()).isBeforeOrEqualTo(answer.stopDate());
            assertThat(answer.billingDetails().billedDurationInMilliseconds() % 100)
                    .isZero();
        }
    }

    @Test
    void retries_catches_by_the_errors_class_name_and_keeps_the_message_in_a_queue() throws IOException {
        Handlers.Thrower.CALLS.set(0);
        WorkflowDefinition workflow = Machines.states("'A':{" + invoke("thrower")
                + ",'Retry':[{'ErrorEquals':['" + NOT_TODAY + "'],'IntervalSeconds':1,'BackoffRate':2,'MaxAttempts':3,"
                + "'MaxDelaySeconds':2,'JitterStrategy':'FULL'}],"
                + "'Catch':[{'ErrorEquals':['other.Error'],'Next':'Wrong'},{'ErrorEquals':['States.ALL'],'ResultPath':'$.failure','Next':'Keep'}],"
                + "'End':true},"
                + "'Keep':{'Type':'Task','Resource':'arn:aws:states:::sqs:sendMessage','Parameters':{'QueueUrl':'QUEUE_URL',"
                + "'MessageBody':{'detail.$':'$.d','failure':{'error.$':'$.failure.Error','cause.$':'$.failure.Cause'}}},"
                + "'ResultPath':'$.kept','End':true},"
                + "'Wrong':{'Type':'Fail'}");
        try (Engines engines = with(workflow)) {
            StartSyncExecutionResponse answer = start(engines, "{\"d\":{\"text\":\"caf\u00e9\"}}");

            assertThat(answer.status()).isEqualTo(SyncExecutionStatus.SUCCEEDED);
            assertThat(Handlers.Thrower.CALLS.get()).isEqualTo(4);
            assertThat(JSON.readTree(answer.output())
                            .path("kept")
                            .path("MessageId")
                            .textValue())
                    .hasSize(36);
            JsonNode body = JSON.readTree(engines.take("kept").body());
            assertThat(body.path("detail").path("text").textValue()).isEqualTo("caf\u00e9");
            assertThat(body.path("failure").path("error").textValue()).isEqualTo(NOT_TODAY);
            JsonNode cause = JSON.readTree(body.path("failure").path("cause").textValue());
            assertThat(cause.path("errorMessage").textValue()).isEqualTo("not today");
        }
    }

    @Test
    void does_not_try_the_next_retrier_once_the_first_that_matches_is_used_up() {
        Handlers.Thrower.CALLS.set(0);
        WorkflowDefinition workflow = Machines.states("'A':{" + invoke("thrower") + ",'Retry':[{'ErrorEquals':['"
                + NOT_TODAY + "'],'MaxAttempts':0},{'ErrorEquals':['States.ALL'],'MaxAttempts':5}],'End':true}");
        try (Engines engines = with(workflow)) {
            StartSyncExecutionResponse answer = start(engines, "{}");

            assertThat(answer.status()).isEqualTo(SyncExecutionStatus.FAILED);
            assertThat(answer.error()).isEqualTo(NOT_TODAY);
            assertThat(answer.cause()).contains("not today");
            assertThat(Handlers.Thrower.CALLS.get()).isEqualTo(1);
        }
    }

    @Test
    void ends_a_task_at_its_timeout() {
        WorkflowDefinition workflow = Machines.states("'A':{" + invoke("waiter")
                + ",'TimeoutSeconds':1,'Catch':[{'ErrorEquals':['States.TaskFailed'],'Next':'Wrong'},"
                + "{'ErrorEquals':['States.Timeout'],'Next':'Right'}],'End':true},"
                + "'Wrong':{'Type':'Fail'},'Right':{'Type':'Succeed'}");
        try (Engines engines = with(workflow)) {
            StartSyncExecutionResponse answer = start(engines, "{}");

            assertThat(answer.status()).isEqualTo(SyncExecutionStatus.SUCCEEDED);
            assertThat(answer.output()).isEqualTo("{\"Error\":\"States.Timeout\"}");
        }
    }

    @Test
    void ends_an_execution_at_the_workflows_timeout_although_all_is_caught() {
        WorkflowDefinition workflow = Machines.definition(("{'StartAt':'A','TimeoutSeconds':1,'States':{'A':{"
                        + invoke("waiter")
                        + ",'Catch':[{'ErrorEquals':['States.ALL'],'Next':'B'}],'End':true},'B':{'Type':'Succeed'}}}")
                .replace('\'', '"'));
        try (Engines engines = with(workflow)) {
            assertThat(start(engines, "{}").status()).isEqualTo(SyncExecutionStatus.TIMED_OUT);
        }
    }

    @Test
    void fails_a_task_whose_function_or_queue_does_not_exist() {
        WorkflowDefinition noFunction = Machines.states("'A':{" + invoke("nobody") + ",'End':true}");
        try (Engines engines = with(noFunction)) {
            assertThat(start(engines, "{}").error()).isEqualTo("Lambda.ResourceNotFoundException");
        }
        WorkflowDefinition noQueue = Machines.states("'A':{'Type':'Task','Resource':'arn:aws:states:::sqs:sendMessage',"
                + "'Parameters':{'QueueUrl':'http://127.0.0.1:1/1/nowhere','MessageBody':'x'},'End':true}");
        try (Engines engines = with(noQueue)) {
            assertThat(start(engines, "{}").error()).isEqualTo("SQS.QueueDoesNotExistException");
        }
    }

    @Test
    void refuses_what_step_functions_refuses() {
        try (Engines engines = with(Machines.states("'A':{'Type':'Succeed'}"))) {
            assertThatThrownBy(() ->
                            engines.sfn().startSyncExecution(request -> request.stateMachineArn(Machines.ARN + "x")))
                    .isInstanceOf(StateMachineDoesNotExistException.class)
                    .isInstanceOfSatisfying(
                            SfnException.class, e -> assertThat(e.statusCode()).isEqualTo(400));
            assertThatThrownBy(() -> start(engines, "{\"a\":")).isInstanceOf(InvalidExecutionInputException.class);
            assertThatThrownBy(() -> start(engines, "\"" + "x".repeat(262_143) + "\""))
                    .isInstanceOfSatisfying(
                            SfnException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
            assertThat(start(engines, "\"" + "x".repeat(262_142) + "\"").output())
                    .hasSize(262_144);
        }
    }

    private Engines with(WorkflowDefinition workflow) {
        return Engines.start(folder, parts -> {
            parts.speed = new SpeedFactor(100);
            parts.queues.add("kept");
            parts.functions.add(function("echo", Handlers.Echo.class, AsynchronousInvocation.DEFAULT));
            parts.functions.add(function("thrower", Handlers.Thrower.class, AsynchronousInvocation.DEFAULT));
            parts.functions.add(function(
                    "waiter",
                    Handlers.Waiter.class,
                    AsynchronousInvocation.DEFAULT,
                    Duration.ofSeconds(3),
                    OptionalInt.empty(),
                    true));
            parts.workflows.add(workflow);
            return parts;
        });
    }

    private static String invoke(String function) {
        return "'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'"
                + functionArn(function) + "','Payload.$':'$'}";
    }

    private static StartSyncExecutionResponse start(Engines engines, String input) {
        return engines.sfn()
                .startSyncExecution(
                        request -> request.stateMachineArn(Machines.ARN).input(input));
    }
}
