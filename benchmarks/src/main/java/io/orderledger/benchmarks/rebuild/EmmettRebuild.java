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

/**
 * Emmett's own rebuild of a list of orders: {@code rebuildPostgreSQLProjections} with a projection that gives one SQL statement
 * an event. Its events are the samples under new IDs, 1.3 an order. Node does it; the time is told by Node, without its start.
 */
public final class EmmettRebuild {
    private static final String DATABASE = "emmett_rebuild";
    private static final String FILLED = "emmett_filled";
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

    /**
     * How fast Emmett's rebuild was.
     *
     * @param asItComes events per second with its own settings: batches of 100, and a pause of 50 ms after each
     * @param tuned events per second in batches of 1,000 without pauses
     */
    public record Rates(double asItComes, double tuned) {}

    /** Appends events to an empty store of Emmett's, and lets it rebuild twice. */
    public Rates run(int events) throws SQLException, InterruptedException {
        Emmett emmett = new Emmett(peers);
        server.drop(FILLED);
        try {
            emmett.install(server, FILLED);
            append(emmett, events);
            return new Rates(
                    eventsPerSecond(events, "emmett-rebuild.js"),
                    eventsPerSecond(events, "emmett-rebuild.js", "1000", "0"));
        } finally {
            server.drop(FILLED);
            server.drop(DATABASE);
        }
    }

    private double eventsPerSecond(int events, String... script) throws InterruptedException {
        server.drop(DATABASE);
        server.copy(FILLED, DATABASE);
        server.execute(DATABASE, "alter database " + DATABASE + " owner to " + BenchmarkServer.PEER);
        double seconds = rebuilt(script);
        long applied =
                server.number(DATABASE, "select count(*) + count(*) filter (where status = 'CANCELLED') from orders");
        if (applied != events) {
            throw new IllegalStateException("Of %,d events Emmett applied %,d".formatted(events, applied));
        }
        return events / seconds;
    }

    /** One client, as Emmett's reader misses events that were appended side by side. Nobody waits for the disk meanwhile. */
    private void append(Emmett emmett, int events) throws SQLException {
        server.execute(FILLED, "alter database " + FILLED + " set synchronous_commit = off");
        OrderEvents source = new OrderEvents(samples, 1);
        try (Client client = emmett.connect(server, FILLED)) {
            for (int done = 0; done < events; done++) {
                client.append(source.next());
            }
        }
        server.execute(FILLED, "vacuum (analyze)");
    }

    private double rebuilt(String... script) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(script));
        ProcessBuilder node = new ProcessBuilder(command).directory(peers.toFile());
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
