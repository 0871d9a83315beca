package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.instance.LocalRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code order-ledger demo}: the promise, tried on a fresh folder that goes away afterwards. */
@Command(
        name = "demo",
        description = {
            "Plays sample orders, takes the database away half way, brings it back, replays, and shows that nothing was lost.",
            "With --tamper it also changes a recorded event, as only the database's owner can, and lets verify name it."
        },
        exitCodeList = {
            "0:nothing was lost or doubled, and what was tampered with was named",
            "1:something was, or was not",
            "2:could not run"
        })
final class DemoCommand extends ReportingCommand {
    private static final int DEFAULT_SPEED = 60;
    private static final Duration HEAD_INTERVAL = Duration.ofSeconds(1);

    @Option(
            names = "--sam",
            paramLabel = "DIR",
            description = "The definitions to run (default: sam/ of this checkout).")
    private Path sam = Checkout.folder("sam");

    @Option(
            names = "--samples",
            paramLabel = "FILE",
            description = "The requests to play (default: sam/samples/orders.ndjson of this checkout).")
    private Path samples = Checkout.folder("sam").resolve("samples").resolve("orders.ndjson");

    @Option(names = "--tamper", description = "Afterwards, change an event as the owner of the tables, and verify.")
    private boolean tamper;

    @Override
    Answer answer() throws Exception {
        Path data = Files.createTempDirectory("order-ledger-demo");
        try {
            return play(data);
        } finally {
            remove(data);
        }
    }

    private Answer play(Path data) throws Exception {
        // The story is for people; a program wants its end.
        Screen story = output().isTable() ? output().screen() : new Screen(output().err(), false);
        story.line("Starting on the fresh folder %s", data);
        story.flush();
        LocalRun run = LocalRun.start(new LocalRun.Options(data, sam, 0, DEFAULT_SPEED, HEAD_INTERVAL));
        // Ctrl-C must not leave a database behind.
        Thread stop = new Thread(run::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try (ProgressDisplay progress = new ProgressDisplay(output().err())) {
            Demo.Outcome outcome = new Demo(run, Sample.in(samples), story, progress).play();
            return answer(outcome, tamper ? Optional.of(new Tampering(run, data, story).play()) : Optional.empty());
        } finally {
            run.close();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private static Answer answer(Demo.Outcome outcome, Optional<Tampering.Outcome> tampering) {
        ObjectNode data = Answer.object().put("requests", outcome.requests()).put("accepted", outcome.accepted());
        ArrayNode faults = data.putArray("faults");
        outcome.faults().forEach(faults::add);
        tampering.ifPresent(done -> data.putObject("tampering")
                .put("position", done.position())
                .put("named", done.isNamed())
                .put("finding", done.finding()));
        boolean good =
                outcome.isGood() && tampering.map(Tampering.Outcome::isNamed).orElse(true);
        return good
                ? Answer.done(data, screen -> {}).next(NextCommand.line("up"))
                : Answer.wrong(data, screen -> {}, NextCommand.line("doctor"));
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary folder " + folder + " could not be removed", e);
        }
    }
}
