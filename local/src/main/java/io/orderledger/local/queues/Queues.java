package io.orderledger.local.queues;

import io.orderledger.local.definitions.QueueDefinition;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * The stack's queues, on disk. A message whose SendMessage was answered, by {@link #send} or over the wire, survives a crash
 * of the process and of the machine. A delete may be forgotten by a crash, and the message received again. Thread-safe.
 *
 * <p>ElasticMQ does not enforce a queue's retention: a message stays until it is deleted. A queue that a client made itself
 * comes back after a restart only while messages wait in it.
 */
public final class Queues implements QueueSender, AutoCloseable {

    private static final String STRING = "String";
    private static final String NUMBER = "Number";

    private final QueueServer server;
    private final SqsClient client;
    private final Map<String, QueueDefinition> queuesByArn = new LinkedHashMap<>();

    private Queues(QueueServer server, SqsClient client, List<QueueDefinition> definitions) {
        this.server = server;
        this.client = client;
        definitions.forEach(queue -> queuesByArn.put(queue.arn(), queue));
    }

    /**
     * Starts the queues with the messages they held before.
     *
     * @param folder where they are kept; made where it is missing
     * @param services the address of the services endpoint, which queue URLs begin with
     * @throws QueuesUnusable where they do not start
     */
    public static Queues open(
            Path folder, List<QueueDefinition> definitions, URI services, String region, String accountId) {
        QueueServer server = QueueServer.start(folder, definitions, services, region, accountId);
        return new Queues(server, client(server.address(), region), definitions);
    }

    /** What an attribute of a message holds. */
    public sealed interface Attribute {
        /** An attribute of SQS's type String; not empty. */
        record Text(String value) implements Attribute {}

        /** An attribute of SQS's type Number. */
        record Numeric(long value) implements Attribute {}
    }

    /** What SQS answered for a message it took. */
    public record SentMessage(String messageId, String md5OfBody) {}

    /**
     * Sends a message; when it returns, the message is on disk.
     *
     * @throws QueuesUnusable where the server did not take it; it may be sent again
     */
    @Override
    public SentMessage send(String queueArn, String body, Map<String, Attribute> attributes) {
        QueueDefinition queue = definition(queueArn);
        var sdkAttributes = new LinkedHashMap<String, MessageAttributeValue>();
        attributes.forEach((name, value) -> sdkAttributes.put(name, sdkAttribute(value)));
        try {
            SendMessageResponse sent = client.sendMessage(
                    request -> request.queueUrl(queue.url()).messageBody(body).messageAttributes(sdkAttributes));
            return new SentMessage(sent.messageId(), sent.md5OfMessageBody());
        } catch (SdkException e) {
            throw new QueuesUnusable("no message could be sent to " + queueArn, e);
        }
    }

    /** How many messages a queue holds, those in flight and delayed ones included. */
    public int messages(String queueArn) {
        QueueDefinition queue = definition(queueArn);
        List<QueueAttributeName> counts = List.of(
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
        try {
            Map<QueueAttributeName, String> attributes = client.getQueueAttributes(
                            request -> request.queueUrl(queue.url()).attributeNames(counts))
                    .attributes();
            return counts.stream()
                    .mapToInt(count -> Integer.parseInt(attributes.getOrDefault(count, "0")))
                    .sum();
        } catch (SdkException e) {
            throw new QueuesUnusable("the messages of " + queueArn + " could not be counted", e);
        }
    }

    @Override
    public boolean exists(String queueArn) {
        return queuesByArn.containsKey(queueArn);
    }

    @Override
    public Optional<String> arnOf(String queueUrl) {
        return queuesByArn.values().stream()
                .filter(queue -> queue.url().equals(queueUrl))
                .map(QueueDefinition::arn)
                .findFirst();
    }

    /** Where ElasticMQ itself listens: the services endpoint forwards there. */
    public URI address() {
        return server.address();
    }

    /** The IDs of the messages that are kept for a queue. */
    public Set<String> messageIds(String queueName) {
        return server.messageIds(queueName);
    }

    /** Forgets messages that a purge took away, so that they do not come back with the next start. */
    public void forget(String queueName, Set<String> messageIds) {
        server.forget(queueName, messageIds);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    private QueueDefinition definition(String queueArn) {
        QueueDefinition queue = queuesByArn.get(queueArn);
        if (queue == null) {
            throw new IllegalArgumentException(queueArn + " is none of the queues");
        }
        return queue;
    }

    private static MessageAttributeValue sdkAttribute(Attribute attribute) {
        return switch (attribute) {
            case Attribute.Text text ->
                MessageAttributeValue.builder()
                        .dataType(STRING)
                        .stringValue(text.value())
                        .build();
            case Attribute.Numeric number ->
                MessageAttributeValue.builder()
                        .dataType(NUMBER)
                        .stringValue(Long.toString(number.value()))
                        .build();
        };
    }

    private static SqsClient client(URI address, String region) {
        return SqsClient.builder()
                .endpointOverride(address)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
