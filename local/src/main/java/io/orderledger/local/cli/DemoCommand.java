package io.orderledger.local.cli;

import io.orderledger.local.instance.LocalRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code order-ledger demo}: the promise, tried on a fresh folder that goes away afterwards. */
@Command(
        name = "demo",
        description = "Plays sample orders, takes the database away half way, brings it back, replays, and shows that"
                + " nothing was lost.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int DEFAULT_SPEED = 60;

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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path data = Files.createTempDirectory("order-ledger-demo");
        try {
            return play(data, out);
        } finally {
            remove(data);
            out.flush();
        }
    }

    private int play(Path data, PrintWriter out) {
        out.println("Starting on the fresh folder " + data);
        out.flush();
        LocalRun run = LocalRun.start(new LocalRun.Options(data, sam, 0, DEFAULT_SPEED));
        // Ctrl-C must not leave a database behind.
        Thread stop = new Thread(run::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return new Demo(run, Sample.in(samples), out).play() ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
        } finally {
            run.close();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
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
