package io.orderledger.benchmarks.micro;

import io.orderledger.benchmarks.server.BenchmarkServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH's benchmarks, each in a process of its own, against one database. Stateless. */
public final class MicroBenchmarks {
    /** How many events have to be pending before the seals are measured. */
    public static final long EVENTS_TO_SEAL = SealBenchmark.EVENTS_NEEDED;

    private static final double MEDIAN_PERCENTILE = 50;

    private MicroBenchmarks() {}

    /**
     * What one benchmark gave.
     *
     * @param blockEvents events in each block; empty for proofs
     * @param medianMicros the median, in microseconds: of all blocks, or of the means of one second each
     * @param meanMicros the mean
     * @param errorMicros half of the mean's 99.9 % confidence interval
     * @param samples how often it was measured
     */
    public record Cost(
            Optional<Integer> blockEvents, double medianMicros, double meanMicros, double errorMicros, long samples) {}

    /** Proves any leaf of a sealed ledger. */
    public static Cost proof(BenchmarkServer server, String database) throws IOException, RunnerException {
        return run(server, database, ProofBenchmark.class).getFirst();
    }

    /** Seals blocks of 1, 100 and 1,000 events; {@link #EVENTS_TO_SEAL} are pending. */
    public static List<Cost> seals(BenchmarkServer server, String database) throws IOException, RunnerException {
        return run(server, database, SealBenchmark.class);
    }

    private static List<Cost> run(BenchmarkServer server, String database, Class<?> benchmark)
            throws IOException, RunnerException {
        Path connection = LedgerConnection.write(server.jdbcUrl(database), server.password());
        try {
            Options options = new OptionsBuilder()
                    .include("\\b" + benchmark.getSimpleName() + "\\b")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .jvmArgsAppend("-D" + LedgerConnection.FILE_PROPERTY + "=" + connection)
                    .build();
            return costs(new Runner(options).run());
        } finally {
            Files.delete(connection);
        }
    }

    private static List<Cost> costs(Collection<RunResult> results) {
        List<Cost> costs = new ArrayList<>();
        for (RunResult result : results) {
            Result<?> primary = result.getPrimaryResult();
            costs.add(new Cost(
                    Optional.ofNullable(result.getParams().getParam("blockEvents"))
                            .map(Integer::valueOf),
                    primary.getStatistics().getPercentile(MEDIAN_PERCENTILE),
                    primary.getScore(),
                    primary.getScoreError(),
                    primary.getSampleCount()));
        }
        return costs;
    }
}
