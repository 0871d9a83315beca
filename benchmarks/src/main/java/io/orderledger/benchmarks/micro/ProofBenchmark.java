package io.orderledger.benchmarks.micro;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to prove that a leaf, any one, is in the tree: the path from it to the newest root. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProofBenchmark {
    private static final long SEED = 1;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @SuppressWarnings("NullAway.Init") // JMH calls open first
    private Connection connection;

    @SuppressWarnings("NullAway.Init")
    private PreparedStatement path;

    private long treeSize;

    /** Connects, and finds the newest root. */
    @Setup
    public void open() throws SQLException {
        connection = LedgerConnection.open("ledger_auditor");
        try (PreparedStatement newest = connection.prepareStatement("select max(tree_size) from ledger.block");
                ResultSet rows = newest.executeQuery()) {
            rows.next();
            treeSize = rows.getLong(1);
        }
        path = connection.prepareStatement("select ledger.inclusion_path(?, ?)");
    }

    /** Computes the path of one leaf. */
    @Benchmark
    public Array inclusionPath() throws SQLException {
        path.setLong(1, random.nextLong(treeSize));
        path.setLong(2, treeSize);
        try (ResultSet rows = path.executeQuery()) {
            rows.next();
            return rows.getArray(1);
        }
    }

    /** Disconnects. */
    @TearDown
    public void close() throws SQLException {
        connection.close();
    }
}
