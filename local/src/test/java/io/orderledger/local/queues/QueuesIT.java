package io.orderledger.local.queues;

import static io.orderledger.local.services.Engines.queueArn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.orderledger.local.queues.Queues.Attribute;
import io.orderledger.local.services.Engines;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

class QueuesIT {

    private static final String TEXT =
            "{\"name\":\"O'Brien\",\"note\":\"<&> \uD83C\uDF55 \u0645\u0631\u062D\u0628\u0627\\u0000\"}";

    @TempDir
    Path folder;

    @Test
    void hands_out_what_was_sent_with_its_attributes() {
        try (Engines engines = start()) {
            engines.queues()
                    .send(
                            queueArn("q"),
                            TEXT,
                            Map.of("WHY", new Attribute.Text("because é"), "TIMES", new Attribute.Numeric(3)));
            assertThat(engines.queues().messages(queueArn("q"))).isEqualTo(1);

            Message message = engines.take("q");
            assertThat(message.body()).isEqualTo(TEXT);
            assertThat(attribute(message, "WHY").stringValue()).isEqualTo("because é");
            assertThat(attribute(message, "TIMES").dataType()).isEqualTo("Number");
            assertThat(attribute(message, "TIMES").stringValue()).isEqualTo("3");
            assertThat(engines.queues().messages(queueArn("q"))).isZero();
        }
    }

    @Test
    void keeps_messages_and_their_attributes_across_a_restart() {
        try (Engines engines = start()) {
            engines.sqs()
                    .sendMessage(request -> request.queueUrl(engines.queueUrl("q"))
                            .messageBody(TEXT)
                            .messageAttributes(Map.of(
                                    "text",
                                    attribute("String", "é"),
                                    "number",
                                    attribute("Number", "1.5"),
                                    "custom",
                                    attribute("String.mine", "x"),
                                    "binary",
                                    MessageAttributeValue.builder()
                                            .dataType("Binary")
                                            .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 7}))
                                            .build())));
        }
        try (Engines engines = start()) {
            Message message = engines.take("q");
            assertThat(message.body()).isEqualTo(TEXT);
            assertThat(message.messageAttributes().entrySet().stream()
                            .filter(each -> each.getValue().stringValue() != null)
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    each -> each.getValue().dataType() + ":"
                                            + each.getValue().stringValue())))
                    .containsOnly(
                            entry("text", "String:é"), entry("number", "Number:1.5"), entry("custom", "String.mine:x"));
            assertThat(attribute(message, "binary").binaryValue().asByteArray()).containsExactly(0, -1, 7);
        }
        try (Engines engines = start()) {
            assertThat(engines.queues().messages(queueArn("q"))).isZero(); // the delete was kept as well
        }
    }

    @Test
    void counts_receives_across_a_restart_and_hides_a_message_no_longer_than_its_visibility_timeout() {
        try (Engines engines = start()) {
            engines.queues().send(queueArn("q"), TEXT, Map.of());
            assertThat(receiveCount(engines)).isEqualTo("1");
        }
        try (Engines engines = start()) {
            assertThat(receiveCount(engines)).isEqualTo("2");
        }
    }

    @Test
    void takes_batches_and_purges() {
        try (Engines engines = start()) {
            engines.sqs()
                    .sendMessageBatch(request -> request.queueUrl(engines.queueUrl("q"))
                            .entries(IntStream.range(0, 10)
                                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                            .id("m" + i)
                                            .messageBody("body " + i)
                                            .build())
                                    .toList()));
            assertThat(engines.queues().messages(queueArn("q"))).isEqualTo(10);

            engines.sqs().purgeQueue(request -> request.queueUrl(engines.queueUrl("q")));
            assertThat(engines.queues().messages(queueArn("q"))).isZero();
        }
        try (Engines engines = start()) {
            assertThat(engines.queues().messages(queueArn("q"))).isZero();
        }
    }

    @Test
    void gives_urls_on_the_services_endpoint_and_the_templates_attributes() {
        try (Engines engines = start()) {
            String url =
                    engines.sqs().getQueueUrl(request -> request.queueName("q")).queueUrl();
            assertThat(url).isEqualTo(engines.endpoint().uri() + "/" + Engines.ACCOUNT + "/q");
            assertThat(engines.queues().arnOf(url)).contains(queueArn("q"));
            assertThat(engines.attribute("q", QueueAttributeName.QUEUE_ARN)).isEqualTo(queueArn("q"));
            assertThat(engines.attribute("q", QueueAttributeName.VISIBILITY_TIMEOUT))
                    .isEqualTo("30");
        }
    }

    @Test
    void refuses_what_sqs_refuses() {
        try (Engines engines = start()) {
            assertThatThrownBy(() -> engines.sqs().getQueueUrl(request -> request.queueName("nowhere")))
                    .isInstanceOf(QueueDoesNotExistException.class);
            assertThatThrownBy(() -> engines.sqs()
                            .sendMessage(request ->
                                    request.queueUrl(engines.queueUrl("q")).messageBody("x".repeat(1024 * 1024 + 1))))
                    .isInstanceOf(SqsException.class);
            assertThat(engines.sqs()
                            .sendMessage(request ->
                                    request.queueUrl(engines.queueUrl("q")).messageBody("x".repeat(1024 * 1024)))
                            .messageId())
                    .isNotEmpty();
        }
    }

    @Test
    void keeps_the_messages_of_a_queue_that_is_no_longer_defined() {
        try (Engines engines = start()) {
            engines.queues().send(queueArn("q"), TEXT, Map.of());
        }
        try (Engines engines = Engines.start(folder, parts -> parts)) {
            assertThat(engines.take("q").body()).isEqualTo(TEXT);
        }
    }

    private Engines start() {
        return Engines.start(folder, parts -> {
            parts.queues.add("q");
            return parts;
        });
    }

    private static String receiveCount(Engines engines) {
        Message message = engines.sqs()
                .receiveMessage(request -> request.queueUrl(engines.queueUrl("q"))
                        .visibilityTimeout(0)
                        .messageSystemAttributeNamesWithStrings("ApproximateReceiveCount"))
                .messages()
                .getFirst();
        return String.valueOf(message.attributesAsStrings().get("ApproximateReceiveCount"));
    }

    private static MessageAttributeValue attribute(Message message, String name) {
        return Optional.ofNullable(message.messageAttributes().get(name)).orElseThrow();
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
