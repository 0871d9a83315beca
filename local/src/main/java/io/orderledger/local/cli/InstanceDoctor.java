package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at this machine, and at the instance that runs on it. */
final class InstanceDoctor {
    private static final int MINIMUM_JDK = 25;
    private static final double BYTES_PER_GIB = 1L << 30;

    /** The embedded server's smallest cluster and some days of orders. */
    private static final long MIN_FREE_BYTES = 1L << 30;

    private final Path data;
    private final int port;
    private final List<Checked> checks = new ArrayList<>();

    InstanceDoctor(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    List<Checked> look() {
        jdk();
        disk();
        Optional<Instance> running = instance();
        if (running.isEmpty()) {
            checks.add(port());
            return checks;
        }
        answering(running.get());
        try {
            Control control = new Control(running.get());
            String remedy = NextCommand.line("database start --data " + NextCommand.quoted(data.toString()));
            List<Checked> database =
                    new DatabaseDoctor(new RoleConnections(control).as(DatabaseDoctor.ROLE), remedy).look();
            checks.addAll(database);
            if (database.stream().allMatch(check -> check.verdict() != Checked.Verdict.WRONG)) {
                checks.add(DatabaseDoctor.versions(control.schemaVersion()));
            }
        } catch (RuntimeException e) {
            checks.add(Checked.wrong("database", String.valueOf(e.getMessage()), NextCommand.line("database start")));
        }
        return checks;
    }

    private void jdk() {
        String found = Runtime.version() + ", " + System.getProperty("java.vendor", "");
        checks.add(
                Runtime.version().feature() >= MINIMUM_JDK
                        ? Checked.ok("JDK", found)
                        : Checked.wrong("JDK", found, "install a JDK " + MINIMUM_JDK + ", and set JAVA_HOME to it"));
    }

    private void disk() {
        Path existing = data.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = String.format(Locale.ROOT, "%.1f GiB free for %s", free / BYTES_PER_GIB, data);
            if (!Files.isWritable(existing)) {
                checks.add(Checked.wrong("disk", existing + " cannot be written", NextCommand.line("up --data DIR")));
            } else if (free < MIN_FREE_BYTES) {
                checks.add(Checked.wrong("disk", found, NextCommand.line("up --data DIR")));
            } else {
                checks.add(Checked.ok("disk", found));
            }
        } catch (IOException e) {
            checks.add(Checked.wrong("disk", existing + " cannot be looked at", NextCommand.line("up --data DIR")));
        }
    }

    private Optional<Instance> instance() {
        try {
            Instance running = Instance.on(data);
            checks.add(Checked.ok("instance", "process " + running.pid() + " on " + data));
            return Optional.of(running);
        } catch (Instance.NotRunning e) {
            checks.add(Checked.note(
                    "instance",
                    String.valueOf(e.getMessage()),
                    NextCommand.line("up --data " + NextCommand.quoted(data.toString()))));
            return Optional.empty();
        }
    }

    private Checked port() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Checked.ok("port", port + " is free");
        } catch (IOException e) {
            return Checked.note("port", port + " is in use by another program", NextCommand.line("up --port 0"));
        }
    }

    private void answering(Instance running) {
        try (ApiClient api = running.apiClient()) {
            JsonNode health = api.get("/health").body();
            checks.add(Checked.ok("API", running.api() + " answers"));
            long waiting = 0;
            for (JsonNode queue : health.path("deadLetters")) {
                waiting += queue.asLong();
            }
            checks.add(
                    waiting == 0
                            ? Checked.ok("dead letters", "none in the queues")
                            : Checked.note(
                                    "dead letters", waiting + " in the queues", NextCommand.line("replay --dry-run")));
        } catch (RuntimeException e) {
            checks.add(Checked.wrong(
                    "API",
                    String.valueOf(e.getMessage()),
                    NextCommand.line("up --data " + NextCommand.quoted(data.toString()))));
        }
    }
}
