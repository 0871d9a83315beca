package io.orderledger.local.cli;

import io.orderledger.local.instance.Instance;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The functions of a running instance. */
final class LocalFunctions {
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(15);

    private LocalFunctions() {}

    /** The function with a logical ID in the template. */
    static FunctionCall function(Instance instance, String logicalId) {
        return new FunctionCall.Invoked(
                LambdaClient.builder()
                        .endpointOverride(instance.services())
                        .region(Region.US_EAST_1)
                        // Signatures are not checked on the loopback address, but the SDK wants to make one.
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(CALL_TIMEOUT))
                        .overrideConfiguration(call -> call.apiCallTimeout(CALL_TIMEOUT))
                        .build(),
                instance.functions().getOrDefault(logicalId, logicalId));
    }
}
