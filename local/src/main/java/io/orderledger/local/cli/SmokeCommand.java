package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.smoke.Caller;
import io.orderledger.local.smoke.Outcome;
import io.orderledger.local.smoke.SmokeTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger smoke}: tries an API after a deployment, as a client. */
@Command(
        name = "smoke",
        description = {
            "Tries an API: places, sends again, cancels, lists, reads history, and tries what must be refused.",
            "It leaves two cancelled orders of a customer smoke-… in the ledger."
        },
        exitCodeList = {"0:every step passed", "1:a step failed", "2:it could not start"})
final class SmokeCommand extends ReportingCommand {
    private static final int ORDERS_LEFT = 2;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The API's address with its stage: the stack's output ApiUrl.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private URI url;

    @Mixin
    private CallerOption caller = new CallerOption();

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a placed order may take until it can be read (default: ${DEFAULT-VALUE}).")
    private int withinSeconds;

    @Mixin
    private DryRun dryRun = new DryRun();

    @Override
    Answer answer() {
        CallerOption.demandHttp(url);
        if (withinSeconds < 1) {
            throw new IllegalArgumentException("--within must be at least 1");
        }
        if (dryRun.isGiven()) {
            return Answer.done(
                    Answer.object()
                            .put("dryRun", true)
                            .put("url", url.toString())
                            .put("orders", ORDERS_LEFT),
                    screen -> screen.line(
                            "It would place and cancel %d orders of a customer smoke-… at %s; nothing was changed",
                            ORDERS_LEFT, url));
        }
        try (Caller client = caller.of(url)) {
            return answer(new SmokeTest(client, Duration.ofSeconds(withinSeconds)).run());
        }
    }

    private static Answer answer(List<Outcome> outcomes) {
        ObjectNode data = Answer.object();
        ArrayNode steps = data.putArray("steps");
        outcomes.forEach(outcome -> steps.addObject()
                .put("step", outcome.step())
                .put("passed", outcome.passed())
                .put("milliseconds", outcome.took().toMillis())
                .put("detail", outcome.detail()));
        boolean passed = outcomes.stream().allMatch(Outcome::passed);
        Answer answer = passed
                ? Answer.done(data, screen -> print(outcomes, screen))
                : Answer.wrong(data, screen -> print(outcomes, screen), NextCommand.line("doctor"));
        return answer.listing("steps");
    }

    private static void print(List<Outcome> outcomes, Screen screen) {
        List<List<String>> rows = outcomes.stream()
                .map(outcome -> List.of(
                        outcome.step(),
                        outcome.passed() ? "ok" : "WRONG",
                        outcome.took().toMillis() + " ms",
                        outcome.detail()))
                .toList();
        screen.table(List.of("STEP", "RESULT", "TOOK", "DETAIL"), rows, (column, text) -> switch (text) {
            case "ok" -> Screen.Tone.GOOD;
            case "WRONG" -> Screen.Tone.WRONG;
            default -> Screen.Tone.PLAIN;
        });
        long wrong = outcomes.stream().filter(outcome -> !outcome.passed()).count();
        screen.line("%d steps, %d wrong", outcomes.size(), wrong);
    }
}
