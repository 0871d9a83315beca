package io.orderledger.benchmarks.rebuild;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.contestants.Emmett;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Emmett's own rebuild of a list of orders, as it comes: {@code rebuildPostgreSQLProjections} with a projection that gives one SQL statement
 * an event. Its events are the samples under new IDs, 1.3 an order. Node does it; the time is told by Node, without its start.
 */
public final class EmmettRebuild {
    private static final int CLIENTS = 8;
    private static final String DATABASE = "emmett_rebuild";
    private static final JsonMapper JSON = new JsonMapper();

    private final BenchmarkServer server;
    private final Samples samples;
    private final Path peers;

    /** Uses the folder that the npm packages are installed in. */
    public EmmettRebuild(BenchmarkServer server, Samples samples, Path peers) {
        this.server = server;
        this.samples = samples;
        this.peers = peers;
    }

    /** Appends events to an empty store of Emmett's, and returns how many a second its rebuild takes in. */
    public double eventsPerSecond(int events) throws SQLException, InterruptedException {
        Emmett emmett = new Emmett(peers);
        server.drop(DATABASE);
        try {
            emmett.install(server, DATABASE);
            append(emmett, events);
            server.execute(DATABASE, "vacuum (analyze)");
            server.execute(DATABASE, "checkpoint");
            double seconds = rebuilt();
            long applied = server.number(DATABASE, "select count(*) + count(*) filter (where status = 'CANCELLED') from orders");
            if (applied != events) {
                throw new IllegalStateException("Of %,d events Emmett applied %,d".formatted(events, applied));
            }
            return events / seconds;
        } finally {
            server.drop(DATABASE);
        }
    }

    private void append(Emmett emmett, int events) throws InterruptedException {
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                OrderEvents source = new OrderEvents(samples, i);
                int share = events / CLIENTS + (i < events % CLIENTS ? 1 : 0);
                clients.add(threads.submit(() -> {
                    try (Client client = emmett.connect(server, DATABASE)) {
                        for (int done = 0; done < share; done++) {
                            client.append(source.next());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Emmett's store could not be filled", e.getCause());
        }
    }

    private double rebuilt() throws InterruptedException {
        ProcessBuilder node = new ProcessBuilder("node", "emmett-rebuild.js").directory(peers.toFile());
        node.environment().put("EMMETT_DATABASE_URL", server.url(BenchmarkServer.PEER, DATABASE));
        node.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process process = node.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("Emmett's rebuild failed:\n" + output);
            }
            return JSON.readTree(output.lines().toList().getLast())
                    .required("seconds")
                    .asDouble();
        } catch (IOException e) {
            throw new UncheckedIOException("Emmett's rebuild could not be run by Node", e);
        }
    }
}
