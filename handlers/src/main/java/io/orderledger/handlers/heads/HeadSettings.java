package io.orderledger.handlers.heads;

import io.orderledger.handlers.AwsCredentials;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Which bucket and key the heads go to, and the SDK's clients for them, told where to go by the function's environment rather than by the
 * process's.
 *
 * @param bucket its name
 * @param prefix what the heads' names in the bucket begin with, ending in a slash
 * @param keyId ID or ARN of the signing key
 */
record HeadSettings(String bucket, String prefix, String keyId) {
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);
    /** All attempts of one call together. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Reads HEAD_BUCKET, HEAD_PREFIX and HEAD_KEY_ID.
     *
     * @throws IllegalStateException if one is missing, or the prefix has another form
     */
    static HeadSettings from(Map<String, String> environment) {
        String prefix = required(environment, "HEAD_PREFIX");
        if (!prefix.matches("([A-Za-z0-9_.-]+/)+")) {
            throw new IllegalStateException("Environment variable HEAD_PREFIX must be names that each end in a slash");
        }
        return new HeadSettings(required(environment, "HEAD_BUCKET"), prefix, required(environment, "HEAD_KEY_ID"));
    }

    static S3ClientBuilder s3(Map<String, String> environment) {
        // What is written is small: it goes out in one piece, whose digest is signed.
        S3ClientBuilder builder =
                S3Client.builder().serviceConfiguration(service -> service.chunkedEncodingEnabled(false));
        configure(builder, environment);
        endpoint(environment, "AWS_ENDPOINT_URL_S3", address -> {
            builder.endpointOverride(address);
            // Other servers than S3 itself have no name for each bucket.
            builder.forcePathStyle(true);
        });
        return builder;
    }

    static KmsClientBuilder kms(Map<String, String> environment) {
        KmsClientBuilder builder = KmsClient.builder();
        configure(builder, environment);
        endpoint(environment, "AWS_ENDPOINT_URL_KMS", builder::endpointOverride);
        return builder;
    }

    private static <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> void configure(
            B builder, Map<String, String> environment) {
        builder.httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECTION_TIMEOUT)
                .socketTimeout(SOCKET_TIMEOUT));
        builder.overrideConfiguration(configuration -> configuration.apiCallTimeout(CALL_TIMEOUT));
        builder.credentialsProvider(AwsCredentials.from(environment));
        setting(environment, "AWS_REGION").map(Region::of).ifPresent(builder::region);
    }

    private static void endpoint(Map<String, String> environment, String variable, Consumer<URI> use) {
        setting(environment, variable).map(URI::create).ifPresent(use);
    }

    private static String required(Map<String, String> environment, String variable) {
        return setting(environment, variable)
                .orElseThrow(() -> new IllegalStateException("Environment variable " + variable + " is required"));
    }

    private static Optional<String> setting(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }
}
