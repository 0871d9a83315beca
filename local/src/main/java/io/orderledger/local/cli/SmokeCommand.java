package io.orderledger.local.cli;

import io.orderledger.local.smoke.Authentication;
import io.orderledger.local.smoke.Caller;
import io.orderledger.local.smoke.Outcome;
import io.orderledger.local.smoke.SmokeTest;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** {@code order-ledger smoke}: tries an API after a deployment, as a client. */
@Command(
        name = "smoke",
        description = {
            "Tries an API: places, sends again, cancels, lists, reads history, and tries what must be refused.",
            "It leaves two cancelled orders of a customer smoke-… in the ledger. Exit code 1: a step failed; 2: it could not start."
        },
        mixinStandardHelpOptions = true)
final class SmokeCommand implements Callable<Integer> {

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The API's address with its stage: the stack's output ApiUrl.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private URI url;

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

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a placed order may take until it can be read (default: ${DEFAULT-VALUE}).")
    private int withinSeconds;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (url.getHost() == null || url.getScheme() == null || !url.getScheme().matches("https?")) {
            throw new IllegalArgumentException("--url must begin with https:// or http://");
        }
        if (withinSeconds < 1) {
            throw new IllegalArgumentException("--within must be at least 1");
        }
        try (Caller caller =
                new Caller(url, authentication(), apiKey.map(key -> orFromEnvironment(key, "ORDER_LEDGER_API_KEY")))) {
            List<Outcome> outcomes = new SmokeTest(caller, Duration.ofSeconds(withinSeconds)).run();
            print(outcomes, spec.commandLine().getOut());
            return outcomes.stream().allMatch(Outcome::passed) ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
        }
    }

    private Authentication authentication() {
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

    private static void print(List<Outcome> outcomes, PrintWriter out) {
        List<List<String>> rows = outcomes.stream()
                .map(outcome -> List.of(
                        outcome.step(),
                        outcome.passed() ? "ok" : "WRONG",
                        outcome.took().toMillis() + " ms",
                        outcome.detail()))
                .toList();
        Table.print(List.of("STEP", "RESULT", "TOOK", "DETAIL"), rows, out);
        long wrong = outcomes.stream().filter(outcome -> !outcome.passed()).count();
        out.println(outcomes.size() + " steps, " + wrong + " wrong");
    }
}
