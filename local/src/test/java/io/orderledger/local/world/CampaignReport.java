package io.orderledger.local.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The table of what went wrong and what came of it. */
final class CampaignReport {
    private static final String BEGIN = "<!-- The run writes from here -->\n";
    private static final String END = "<!-- to here. -->\n";

    private CampaignReport() {}

    static String of(Campaign campaign) {
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "Seeds %d to %d: %,d worlds with %,d requests, of which %,d are in the ledger; the others were in conflict,"
                        + " invalid, or never accepted. Worlds in which a promise was broken: %d.%n%n",
                campaign.firstSeed(),
                campaign.firstSeed() + campaign.seeds() - 1,
                campaign.seeds(),
                campaign.requests(),
                campaign.recorded(),
                campaign.violations().size()));
        text.append(String.format(
                Locale.ROOT,
                "Besides: %s. Faults that struck functions while they were at work on one message: %s.%n%n",
                Arrays.stream(Campaign.Tried.values())
                        .map(what -> String.format(Locale.ROOT, "%,d %s", campaign.tried(what), what.title()))
                        .collect(Collectors.joining(", ")),
                lives(campaign.lives())));
        text.append("| fault | times injected | in worlds | requests in flight: mean | most |"
                + " lost | doubled | recovered, median | recovered, last |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Fault fault : Fault.values()) {
            Campaign.Seen seen = campaign.of(fault);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %.1f | %d | %d | %d | %s | %s |%n",
                    fault.title(),
                    seen.times(),
                    seen.worlds(),
                    seen.times() == 0 ? 0.0 : (double) seen.inFlight() / seen.times(),
                    seen.mostInFlight(),
                    seen.lost(),
                    seen.doubled(),
                    shown(seen.recovery(0.5)),
                    shown(seen.recovery(1))));
        }
        return text.toString();
    }

    private static String lives(long[] lives) {
        return IntStream.range(0, lives.length)
                .mapToObj(faults -> String.format(
                        Locale.ROOT,
                        "%s in %,d lives",
                        faults + (faults == lives.length - 1 ? " or more" : ""),
                        lives[faults]))
                .collect(Collectors.joining(", "));
    }

    private static String shown(Optional<Duration> duration) {
        return duration.map(time -> {
                    if (time.toHours() > 0) {
                        return String.format(Locale.ROOT, "%.1f h", time.toMinutes() / 60.0);
                    }
                    return time.toMinutes() > 0
                            ? time.toMinutes() + " min"
                            : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
                })
                .orElse("–");
    }

    /** Writes the table beside the test reports. */
    static Path write(Campaign campaign) {
        Path file = Path.of("target", "reliability", "faults.md");
        write(file, of(campaign));
        return file;
    }

    /** Puts the table into the document, in place of the one that is there. */
    static void writeInto(Path document, Campaign campaign) {
        try {
            String text = Files.readString(document);
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new IllegalStateException(document + " does not say where the table goes");
            }
            write(
                    document,
                    text.substring(0, begin + BEGIN.length()) + '\n' + of(campaign) + '\n' + text.substring(end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
