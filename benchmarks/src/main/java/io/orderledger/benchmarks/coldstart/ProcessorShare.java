package io.orderledger.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group of Linux that gives processes a share of one processor, as Lambda does by a function's memory. Only where this user may
 * make one.
 */
final class ProcessorShare implements AutoCloseable {
    /** What Lambda gives a whole processor for. */
    private static final double MEGABYTES_OF_ONE_PROCESSOR = 1_769;

    /** Lambda's own period is not documented. */
    private static final int PERIOD_MICROS = 20_000;

    private final Path group;

    private ProcessorShare(Path group) {
        this.group = group;
    }

    /** What a function of so much memory gets; empty where groups cannot be made. */
    static Optional<ProcessorShare> of(int megabytes) {
        long quotaMicros = Math.round(PERIOD_MICROS * megabytes / MEGABYTES_OF_ONE_PROCESSOR);
        Path first = Path.of("/sys/fs/cgroup/cpu");
        boolean old = Files.isDirectory(first);
        Path group = (old ? first : Path.of("/sys/fs/cgroup")).resolve("order-ledger-" + megabytes);
        try {
            Files.createDirectories(group);
            if (old) {
                Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
                Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quotaMicros));
            } else {
                Files.writeString(group.resolve("cpu.max"), quotaMicros + " " + PERIOD_MICROS);
            }
            return Optional.of(new ProcessorShare(group));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What has a command run in the group, put before it. */
    List<String> launcher() {
        return List.of(
                "bash",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
