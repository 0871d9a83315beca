package io.orderledger.handlers.replay;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** SQS on a port of its own, and the test's way to look into its queues. */
public final class QueueServer implements AutoCloseable {
    private final SQSRestServer server;
    private final String endpoint;
    private final SqsClient sqs;

    public QueueServer() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        InetSocketAddress address = server.waitUntilStarted().localAddress();
        endpoint = "http://127.0.0.1:" + address.getPort();
        sqs = SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    public String endpoint() {
        return endpoint;
    }

    public String create(String name) {
        return sqs.createQueue(request -> request.queueName(name)).queueUrl();
    }

    public void send(String queueUrl, String body) {
        sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody(body));
    }

    /** As EventBridge puts what it could not deliver: the code that says why is an attribute. */
    void send(String queueUrl, String body, String errorCode) {
        sqs.sendMessage(request -> request.queueUrl(queueUrl)
                .messageBody(body)
                .messageAttributes(Map.of(
                        "ERROR_CODE",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(errorCode)
                                .build())));
    }

    /** Messages in the queue, those included that somebody has received and not deleted. */
    public int size(String queueUrl) {
        var attributes = sqs.getQueueAttributes(request -> request.queueUrl(queueUrl)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    /** Messages that anybody could receive now. */
    List<Message> visible(String queueUrl) {
        return sqs.receiveMessage(request ->
                        request.queueUrl(queueUrl).maxNumberOfMessages(10).visibilityTimeout(0))
                .messages();
    }

    @Override
    public void close() {
        sqs.close();
        server.stopAndWait();
    }
}
