package io.orderledger.handlers;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Whose rights the functions use towards AWS. */
public final class AwsCredentials {
    private AwsCredentials() {}

    /**
     * The keys in the function's environment, where Lambda puts those of the function's role; without them, what the SDK finds, which
     * is where Lambda puts them for functions that start from a snapshot.
     */
    public static AwsCredentialsProvider from(Map<String, String> environment) {
        Optional<String> id = setting(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = setting(environment, "AWS_SECRET_ACCESS_KEY");
        if (id.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(setting(environment, "AWS_SESSION_TOKEN")
                .<software.amazon.awssdk.auth.credentials.AwsCredentials>map(
                        token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
                .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get())));
    }

    private static Optional<String> setting(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }
}
