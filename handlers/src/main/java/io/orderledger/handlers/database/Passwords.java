package io.orderledger.handlers.database;

import io.orderledger.handlers.AwsCredentials;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/** What a new connection proves itself with. */
final class Passwords {
    private Passwords() {}

    /**
     * The password of the settings, or a new token of IAM at each call. A token is signed here, without a call to AWS, and is good for
     * opening a connection within 15 minutes.
     */
    static Supplier<String> from(ConnectionSettings settings, Map<String, String> environment) {
        Optional<String> password = settings.password();
        return password.isPresent() ? password::get : tokens(settings, AwsCredentials.from(environment));
    }

    private static Supplier<String> tokens(ConnectionSettings settings, AwsCredentialsProvider credentials) {
        RdsUtilities tokens = RdsUtilities.builder()
                .region(Region.of(settings.region().orElseThrow()))
                .credentialsProvider(credentials)
                .build();
        return () -> tokens.generateAuthenticationToken(
                token -> token.hostname(settings.host()).port(settings.port()).username(settings.user()));
    }
}
