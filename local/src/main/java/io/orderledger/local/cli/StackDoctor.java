package io.orderledger.local.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;

/** Looks at a stack on AWS, as far as the caller's credentials reach. */
final class StackDoctor {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SIGNATURES_FAIL_BEYOND = Duration.ofMinutes(5);
    private static final int SERVER_ERROR = 500;
    private static final String FUNCTION = "FunctionName";
    private static final String QUEUE = "QueueUrl";

    private final DeployedStack stack;
    private final String again;
    private final List<Checked> checks = new ArrayList<>();

    StackDoctor(String name, Optional<String> region) {
        this.stack = new DeployedStack(name, region);
        this.again = NextCommand.line("doctor --stack " + NextCommand.quoted(name)
                + region.map(in -> " --region " + NextCommand.quoted(in)).orElse(""));
    }

    List<Checked> look() {
        try {
            checks.add(Checked.ok("credentials", stack.caller()));
        } catch (SdkException e) {
            checks.add(Checked.wrong("credentials", message(e), "aws configure, or aws sso login; then " + again));
            return checks;
        }
        Map<String, String> outputs;
        try {
            outputs = new TreeMap<>(stack.outputs());
            checks.add(Checked.ok("stack", outputs.size() + " outputs"));
        } catch (SdkException | IllegalArgumentException e) {
            checks.add(Checked.wrong("stack", message(e), "sam deploy --guided, or another --region; then " + again));
            return checks;
        }
        outputs.forEach((name, value) -> {
            if (name.endsWith(FUNCTION)) {
                function(name.substring(0, name.length() - "Name".length()), value);
            } else if (name.endsWith(QUEUE)) {
                queue(name.substring(0, name.length() - "Url".length()), value);
            }
        });
        Optional.ofNullable(outputs.get("ApiUrl")).ifPresent(this::api);
        return checks;
    }

    /** Only these two are invoked by the commands; of the others it is good to know, and normal to have no right. */
    private void function(String name, String function) {
        boolean isNeeded = name.equals(Replay.FUNCTION) || name.equals(ParkedPlace.FUNCTION);
        try {
            stack.demandInvocable(function);
            checks.add(Checked.ok(name, "may be invoked"));
        } catch (SdkException e) {
            if (isNeeded) {
                checks.add(Checked.wrong(
                        name, message(e), "ask for lambda:InvokeFunction on " + function + "; then " + again));
            }
        }
    }

    private void queue(String name, String url) {
        try {
            long messages = stack.messages(url);
            checks.add(
                    messages == 0
                            ? Checked.ok(name, "empty")
                            : Checked.note(name, messages + " messages", again.replace("doctor", "replay --dry-run")));
        } catch (SdkException e) {
            checks.add(Checked.note(name, "cannot be seen: " + message(e), "sqs:GetQueueAttributes lets it be seen"));
        }
    }

    /** Who is not signed in is refused, which shows that the API is there. */
    private void api(String url) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<Void> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/orders"))
                            .timeout(TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            checks.add(
                    answer.statusCode() < SERVER_ERROR
                            ? Checked.ok("API", url + " answers (" + answer.statusCode() + " without a signature)")
                            : Checked.wrong("API", url + " answers " + answer.statusCode(), again));
            answer.headers().firstValue("date").ifPresent(this::clock);
        } catch (IOException e) {
            checks.add(Checked.wrong("API", url + " does not answer: " + message(e), again));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("interrupted", again, e);
        }
    }

    private void clock(String date) {
        Duration apart = Duration.between(
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        Instant.now())
                .abs();
        String found = "AWS's and this machine's are " + EventTable.told(apart) + " apart";
        checks.add(
                apart.compareTo(SIGNATURES_FAIL_BEYOND) < 0
                        ? Checked.ok("clock", found)
                        : Checked.wrong("clock", found, "set this machine's clock by NTP; then " + again));
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.replaceAll("\\s*\\R\\s*", " ");
    }
}
