package io.orderledger.local.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options {@code --since} and {@code --until}, by the time of the request. */
final class TimeOption {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = {
                "Only what was requested then or later: a time such as 2026-11-20T12:00:00Z, or how long ago, such as 90m, 12h or 3d."
            })
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Only what was requested before.")
    private Optional<String> until = Optional.empty();

    Optional<Instant> since(InstantSource clock) {
        return since.map(text -> time("--since", text, clock));
    }

    Optional<Instant> until(InstantSource clock) {
        return until.map(text -> time("--until", text, clock));
    }

    boolean isGiven() {
        return since.isPresent() || until.isPresent();
    }

    static Instant time(String option, String text, InstantSource clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long amount = Long.parseLong(ago.group(1));
            Duration duration = switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            return clock.instant().minus(duration);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    option + " must be a time such as 2026-11-20T12:00:00Z, or how long ago, such as 90m, 12h or 3d");
        }
    }
}
