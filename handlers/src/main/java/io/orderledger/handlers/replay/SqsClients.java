package io.orderledger.handlers.replay;

import io.orderledger.handlers.AwsCredentials;
import io.orderledger.handlers.NetworkTimeout;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/** The SDK's client of SQS, told where to go by the function's environment rather than by the process's. */
final class SqsClients {
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

    private SqsClients() {}

    static SqsClient from(Map<String, String> environment) {
        Optional<Duration> timeout = NetworkTimeout.from(environment);
        SqsClientBuilder builder = SqsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(timeout.orElse(CONNECTION_TIMEOUT))
                        .socketTimeout(timeout.orElse(SOCKET_TIMEOUT)))
                .overrideConfiguration(configuration -> configuration.apiCallTimeout(timeout.orElse(CALL_TIMEOUT)))
                .credentialsProvider(AwsCredentials.from(environment));
        setting(environment, "AWS_REGION").map(Region::of).ifPresent(builder::region);
        setting(environment, "AWS_ENDPOINT_URL_SQS").map(URI::create).ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static Optional<String> setting(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }
}
