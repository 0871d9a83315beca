package io.orderledger.local.cli;

import io.orderledger.local.smoke.Authentication;
import io.orderledger.local.smoke.Caller;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** By what right an API is called. */
final class CallerOption {
    @ArgGroup
    private Proof proof = new Proof();

    /** At most one of them. */
    static final class Proof {
        @Option(
                names = "--sigv4",
                description =
                        "Sign with AWS Signature Version 4, by the credentials that the AWS command line would use (environment, profile, …).")
        private boolean sigv4;

        @Option(
                names = "--token",
                paramLabel = "TOKEN",
                description = {
                    "Sent as the header Authorization, as it is. Arguments are seen by every user of a machine:",
                    "--token '' takes the environment's ORDER_LEDGER_TOKEN."
                })
        private Optional<String> token = Optional.empty();
    }

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "For --sigv4 and a domain name of your own: the API's Region (default: what the URL says).")
    private Optional<String> region = Optional.empty();

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "Sent as x-api-key; --api-key '' takes the environment's ORDER_LEDGER_API_KEY.")
    private Optional<String> apiKey = Optional.empty();

    /** A client of the API at this address; the caller closes it. */
    Caller of(URI url) {
        return new Caller(url, authentication(url), apiKey.map(key -> orFromEnvironment(key, "ORDER_LEDGER_API_KEY")));
    }

    static void demandHttp(URI url) {
        if (url.getHost() == null || url.getScheme() == null || !url.getScheme().matches("https?")) {
            throw new IllegalArgumentException("--url must begin with https:// or http://");
        }
    }

    private Authentication authentication(URI url) {
        if (proof.sigv4) {
            String signedFor = region.or(() -> Authentication.Signature.regionOf(url))
                    .orElseThrow(() -> new IllegalArgumentException("the URL names no Region; say it with --region"));
            return new Authentication.Signature(
                    DefaultCredentialsProvider.builder().build(), signedFor);
        }
        return proof.token
                .<Authentication>map(token -> new Authentication.Token(orFromEnvironment(token, "ORDER_LEDGER_TOKEN")))
                .orElseGet(Authentication.None::new);
    }

    private static String orFromEnvironment(String value, String variable) {
        if (!value.isEmpty()) {
            return value;
        }
        return Optional.ofNullable(System.getenv(variable))
                .filter(found -> !found.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("the environment has no " + variable));
    }
}
