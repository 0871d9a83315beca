package io.orderledger.benchmarks.verify;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many events a second verification checks, beside two floors that it cannot go under: reading the events out of the database, and
 * hashing what it hashes. The three take turns.
 */
public final class VerifyBenchmark {
    private final BenchmarkServer server;
    private final String database;
    private final long events;
    private final Samples samples;
    private final PrintStream progress;

    /**
     * Uses a ledger that is filled and sealed.
     *
     * @param events in it
     * @param samples what the events were made from
     * @param progress is told of every round
     */
    public VerifyBenchmark(
            BenchmarkServer server, String database, long events, Samples samples, PrintStream progress) {
        this.server = server;
        this.database = database;
        this.events = events;
        this.samples = samples;
        this.progress = progress;
    }

    /** Names of what is measured, in both numbers of threads. */
    public enum Work {
        VERIFY("verify"),
        COPY("COPY of ledger.event to nowhere"),
        HASH("the same SHA-256 hashes alone");

        private final String title;

        Work(String title) {
            this.title = title;
        }

        /** For tables and results. */
        public String title() {
            return title;
        }
    }

    /**
     * Measures.
     *
     * @return events per second, by work and number of threads, one figure a round
     */
    public Map<Work, Map<Integer, List<Double>>> run(int rounds, List<Integer> threadCounts)
            throws SQLException, InterruptedException {
        Map<Work, Map<Integer, List<Double>>> rates = new LinkedHashMap<>();
        // Round 0 fills the caches and is thrown away.
        for (int round = 0; round <= rounds; round++) {
            for (Work work : Work.values()) {
                for (int threads : threadCounts) {
                    long begin = System.nanoTime();
                    once(work, threads);
                    double rate = events * 1e9 / (System.nanoTime() - begin);
                    progress.printf(
                            "round %d of %d, %s, %d threads: %,.0f events/s%n",
                            round, rounds, work.title(), threads, rate);
                    if (round > 0) {
                        rates.computeIfAbsent(work, any -> new LinkedHashMap<>())
                                .computeIfAbsent(threads, any -> new ArrayList<>())
                                .add(rate);
                    }
                }
            }
        }
        return rates;
    }

    private void once(Work work, int threads) throws SQLException, InterruptedException {
        switch (work) {
            case VERIFY -> verify(threads);
            case COPY -> Floors.copy(server, database, threads);
            case HASH -> Floors.hash(samples, events, threads);
        }
    }

    /** As the command verify does it. */
    private void verify(int threads) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.as("ledger_auditor", database));
        config.setMaximumPoolSize(threads + 1);
        try (HikariDataSource connections = new HikariDataSource(config)) {
            Verification verification =
                    new Verifier(connections, threads, Optional.empty()).verify((done, total) -> {});
            if (verification.finding().isPresent() || verification.events() != events) {
                throw new IllegalStateException("A ledger that is right is found wrong: " + verification);
            }
        }
    }
}
