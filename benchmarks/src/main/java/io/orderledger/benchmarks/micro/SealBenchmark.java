package io.orderledger.benchmarks.micro;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to put pending events into one block and to commit it, without the wait for the disk. Enough events wait before it begins; each shot takes the next
 * ones.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = SealBenchmark.WARM_UP_BLOCKS)
@Measurement(iterations = SealBenchmark.MEASURED_BLOCKS)
@Fork(1)
public class SealBenchmark {
    static final int WARM_UP_BLOCKS = 20;
    static final int MEASURED_BLOCKS = 100;

    /** Of each of these, so many blocks are sealed. */
    static final long EVENTS_NEEDED = (WARM_UP_BLOCKS + MEASURED_BLOCKS) * (1L + 100 + 1_000);

    @Param({"1", "100", "1000"})
    public int blockEvents;

    @SuppressWarnings("NullAway.Init") // JMH calls open first
    private Connection connection;

    @SuppressWarnings("NullAway.Init")
    private PreparedStatement seal;

    /** Connects. */
    @Setup
    public void open() throws SQLException {
        connection = LedgerConnection.open("ledger_sealer");
        seal = connection.prepareStatement("select event_count from ledger.seal(?)");
    }

    /** Seals one block. */
    @Benchmark
    public int seal() throws SQLException {
        seal.setInt(1, blockEvents);
        try (ResultSet rows = seal.executeQuery()) {
            rows.next();
            int sealed = rows.getInt(1);
            if (sealed != blockEvents) {
                throw new IllegalStateException("Too few events are pending: " + sealed + " of " + blockEvents);
            }
            return sealed;
        }
    }

    /** Disconnects. */
    @TearDown
    public void close() throws SQLException {
        connection.close();
    }
}
