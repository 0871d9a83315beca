package io.orderledger.benchmarks.verify;

import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvent.Content;
import io.orderledger.benchmarks.workload.Samples;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/** What verification cannot be faster than. Stateless. */
final class Floors {
    /** The fields of an event's envelope: tag, fixed fields, three hashes, the personal digest and the previous digest. */
    private static final int ENVELOPE_BYTES = 1 + 20 + 8 + 16 + 16 + 4 + 2 + 8 + 8 + 5 * 32;

    private static final int SALT_BYTES = 32;

    /** Each leaf needs one interior node, and a node is hashed from a tag and two hashes. */
    private static final int NODE_BYTES = 1 + 2 * 32;

    private Floors() {}

    /** Reads the whole of ledger.event, split among sessions by position, and throws it away. */
    static void copy(BenchmarkServer server, String database, int sessions) throws SQLException, InterruptedException {
        long high = server.number(database, "select max(position) from ledger.event");
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            long from = high * i / sessions;
            long to = high * (i + 1) / sessions;
            tasks.add(() -> drain(server, database, from, to));
        }
        atOnce(tasks);
    }

    private static void drain(BenchmarkServer server, String database, long from, long to) throws SQLException {
        try (Connection connection = server.as("ledger_auditor", database).getConnection()) {
            CopyOut copy = new CopyManager(connection.unwrap(BaseConnection.class))
                    .copyOut("copy (select * from ledger.event where position > " + from + " and position <= " + to
                            + " order by position) to stdout (format binary)");
            long bytes = 0;
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                bytes += row.length;
            }
            if (bytes == 0) {
                throw new IllegalStateException("There is no event to read");
            }
        }
    }

    /** Computes as many hashes of as many bytes as the digests of that many events need. */
    static void hash(Samples samples, long events, int threads) throws SQLException, InterruptedException {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(() -> hash(samples, events / threads));
        }
        atOnce(tasks);
    }

    private static void hash(Samples samples, long events) {
        List<byte[][]> messages =
                samples.placements().stream().map(Floors::messages).toList();
        MessageDigest sha256 = sha256();
        byte folded = 0;
        for (long i = 0; i < events; i++) {
            for (byte[] message : messages.get((int) (i % messages.size()))) {
                folded ^= sha256.digest(message)[0];
            }
        }
        if (folded == sha256.digest()[0] && events < 0) {
            throw new IllegalStateException("The compiler must not find out that nobody wants these hashes");
        }
    }

    private static byte[][] messages(Content content) {
        return new byte[][] {
            content.type().getBytes(StandardCharsets.UTF_8),
            content.payloadText().getBytes(StandardCharsets.UTF_8),
            content.metadataText().getBytes(StandardCharsets.UTF_8),
            new byte
                    [SALT_BYTES
                            + content.personalData().orElseThrow().toString().getBytes(StandardCharsets.UTF_8).length],
            new byte[ENVELOPE_BYTES],
            new byte[NODE_BYTES]
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private interface Task {
        void run() throws SQLException;
    }

    private static void atOnce(List<Task> tasks) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<?>> running = new ArrayList<>();
            for (Task task : tasks) {
                running.add(threads.submit(() -> {
                    task.run();
                    return null;
                }));
            }
            for (Future<?> work : running) {
                work.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A floor could not be measured", e.getCause());
        }
    }
}
