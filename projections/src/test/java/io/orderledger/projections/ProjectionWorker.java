package io.orderledger.projections;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One process that works on the list of orders until its input ends: it catches up, or it rebuilds with two workers, again and again. It says
 * {@code ready}, begins when it is told to by a line, and says once each what it meets: {@code busy} or {@code held}, somebody else at it.
 */
final class ProjectionWorker {
    static final String READY = "ready";
    static final String BUSY = "busy";
    static final String HELD = "held";
    static final String CATCH_UP = "catch-up";
    static final String REBUILD = "rebuild";

    private static final RebuildOptions OPTIONS = new RebuildOptions(2, 25, true, false);

    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean hasSaid;

    private ProjectionWorker() {}

    /** Arguments: what to do, the worker's name, the server's port, the database. */
    public static void main(String[] arguments) throws InterruptedException {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setServerNames(new String[] {"127.0.0.1"});
        server.setPortNumbers(new int[] {Integer.parseInt(arguments[2])});
        server.setDatabaseName(arguments[3]);
        server.setUser("ledger_projector");
        server.setPassword("");
        server.setSslMode("disable");
        server.setPrepareThreshold(0);
        server.setApplicationName(arguments[1]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ProjectionWorker worker = new ProjectionWorker();
        say(READY);
        if (line(input) == null) {
            return;
        }
        Thread.ofVirtual().start(() -> {
            line(input);
            worker.ended.set(true);
        });
        if (arguments[0].equals(REBUILD)) {
            worker.rebuild(new Rebuild(server));
        } else {
            worker.catchUp(server);
        }
    }

    private void catchUp(PGSimpleDataSource server) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server);
        config.setMaximumPoolSize(1);
        try (HikariDataSource one = new HikariDataSource(config)) {
            CatchUp catchUp = new CatchUp(one);
            while (!ended.get()) {
                if (catchUp.step(OrdersFixture.ORDERS) instanceof CatchUpResult.Busy) {
                    sayOnce(BUSY);
                }
            }
        }
    }

    private void rebuild(Rebuild rebuild) throws InterruptedException {
        while (!ended.get()) {
            try {
                rebuild.run(OrdersFixture.ORDERS, OPTIONS, progress -> {});
            } catch (RebuildHeld e) {
                sayOnce(HELD);
            }
        }
    }

    private void sayOnce(String word) {
        if (!hasSaid) {
            hasSaid = true;
            say(word);
        }
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }

    private static String line(BufferedReader input) {
        try {
            return input.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
