package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.metrics.WrittenMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

class WatchDeadLettersIT {
    private final WrittenMetrics written = new WrittenMetrics();
    private QueueServer queues;
    private Map<String, String> environment;

    @BeforeEach
    void start() {
        queues = new QueueServer();
        environment = new HashMap<>(Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_ENDPOINT_URL_SQS", queues.endpoint(),
                "RULE_DEAD_LETTER_QUEUE_URL", queues.create("rule"),
                "FUNCTION_DEAD_LETTER_QUEUE_URL", queues.create("function"),
                "WORKFLOW_DEAD_LETTER_QUEUE_URL", queues.create("workflow")));
    }

    @AfterEach
    void stop() {
        queues.close();
    }

    @Test
    void counts_each_queue_and_all_of_them_together() {
        queues.send(queue("RULE"), "one");
        queues.send(queue("RULE"), "two");
        queues.send(queue("WORKFLOW"), "three");

        assertThat(run()).isEqualTo("{\"rule\":2,\"function\":0,\"workflow\":1}");

        assertThat(written.value("DeadLettersWaiting")).contains(3.0);
        assertThat(written.value("DeadLettersWaiting", "Queue", "rule")).contains(2.0);
        assertThat(written.value("DeadLettersWaiting", "Queue", "function")).contains(0.0);
    }

    @Test
    void watches_the_other_queues_when_one_does_not_answer_but_gives_no_total() {
        queues.send(queue("WORKFLOW"), "one");
        environment.put("FUNCTION_DEAD_LETTER_QUEUE_URL", queue("RULE") + "-that-is-gone");

        assertThatThrownBy(this::run).isInstanceOf(SdkException.class);

        assertThat(written.value("DeadLettersWaiting", "Queue", "workflow")).contains(1.0);
        assertThat(written.value("DeadLettersWaiting")).isEmpty();
    }

    private String queue(String kind) {
        return Objects.requireNonNull(environment.get(kind + "_DEAD_LETTER_QUEUE_URL"));
    }

    private String run() {
        return Invocation.of(new WatchDeadLetters(environment, written.metrics()), "{}");
    }
}
