package io.orderledger.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at an instance's memory, its backlog and its bus's file again and again. Thread-safe. */
final class Vitals implements AutoCloseable {
    private static final double KILOBYTES_PER_MEGABYTE = 1_024;
    private static final double BYTES_PER_MEGABYTE = 1_048_576;

    private final LocalRunProcess instance;
    private final List<Look> looks = new ArrayList<>();
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();

    /**
     * What was seen at a time.
     *
     * @param atNanos by {@link System#nanoTime}
     * @param residentMegabytes of the instance's process
     * @param databaseMegabytes of its database's processes; what they share counts once
     * @param inFlight events that the ledger does not have yet
     * @param busMegabytes of the bus's file
     */
    record Look(long atNanos, double residentMegabytes, double databaseMegabytes, long inFlight, double busMegabytes) {}

    private Vitals(LocalRunProcess instance) {
        this.instance = instance;
    }

    /** Begins to look. */
    static Vitals every(Duration interval, LocalRunProcess instance) {
        Vitals vitals = new Vitals(instance);
        var unused = vitals.schedule.scheduleAtFixedRate(vitals::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return vitals;
    }

    private void look() {
        try {
            Look look = new Look(
                    System.nanoTime(),
                    kilobytes(Path.of("/proc/" + instance.pid() + "/status"), "VmRSS:") / KILOBYTES_PER_MEGABYTE,
                    database() / KILOBYTES_PER_MEGABYTE,
                    instance.api().health().inFlight(),
                    instance.busBytes() / BYTES_PER_MEGABYTE);
            synchronized (looks) {
                looks.add(look);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    List<Look> looks() {
        synchronized (looks) {
            return List.copyOf(looks);
        }
    }

    private double database() {
        return instance.postmaster().stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                .mapToDouble(child -> kilobytes(Path.of("/proc/" + child.pid() + "/smaps_rollup"), "Pss:"))
                .sum();
    }

    /** 0 for a process that has just ended. */
    private static double kilobytes(Path file, String name) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Megabytes of live objects in the instance's JVM, which collects its garbage for that. */
    static double liveMegabytes(LocalRunProcess instance) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(instance.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String total = output.lines()
                .filter(line -> line.startsWith("Total"))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException("The instance's memory cannot be looked at: " + output));
        jcmd.waitFor();
        return Double.parseDouble(total.replaceFirst("^Total\\s+\\d+\\s+(\\d+).*$", "$1")) / BYTES_PER_MEGABYTE;
    }

    @Override
    public void close() {
        schedule.close();
    }
}
