package io.orderledger.local.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderledger.local.database.LocalDatabase;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions reach the database through PgBouncer, as through RDS Proxy on AWS, and it is killed or ended and started again. */
class ProxyRestartIT {
    private static final int RESTARTS = Extent.of(2, 20);
    private static final int CLIENTS = 6;
    private static final String PROXY_HOST = "127.0.0.2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PROGRAM = Path.of(System.getProperty("pgbouncer", "/usr/sbin/pgbouncer"));

    @TempDir
    private Path folder;

    @Test
    void loses_nothing_when_the_proxy_is_restarted() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: there is no PgBouncer at " + PROGRAM);
        Path data = folder.resolve("data");
        Strikes strikes = new Strikes("PgBouncer restarted");
        try (Up up = Up.start(data, "--parameter", "DatabaseProxyEndpoint=" + PROXY_HOST)) {
            Process proxy = start(data);
            try {
                Clients clients = Clients.begin(CLIENTS, up.api());
                try (clients) {
                    for (int restart = 0; restart < RESTARTS; restart++) {
                        clients.awaitAccepted(40);
                        Process old = proxy;
                        boolean inOrder = restart % 2 == 1;
                        strikes.strike(clients, data, () -> {
                            if (inOrder) {
                                old.destroy();
                            } else {
                                old.destroyForcibly();
                            }
                            old.waitFor();
                            // Accepted while nobody reaches the database.
                            clients.awaitAccepted(10);
                        });
                        proxy = start(data);
                        strikes.awaitRecovery(clients, data);
                    }
                }
                strikes.report(Books.close(clients, data));
            } finally {
                proxy.destroy();
                proxy.waitFor();
            }
        }
    }

    private Process start(Path data) throws IOException {
        Control control = new Control(Instance.on(data));
        int port = URI.create(control.databaseUrl("ledger_reader")).getPort();
        List<String> users = new ArrayList<>();
        for (String role : LocalDatabase.ROLES) {
            users.add("\"" + role + "\" \""
                    + URI.create(control.databaseUrl(role)).getUserInfo().substring(role.length() + 1) + "\"");
        }
        Path settings = Files.createDirectories(folder.resolve("proxy"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(settings.resolve("users.txt"), users);
        Files.writeString(
                settings.resolve("pgbouncer.ini"),
                """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = %s
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                default_pool_size = 4
                """.formatted(port, PROXY_HOST, port, settings.resolve("users.txt"))
                        + ("root".equals(System.getProperty("user.name")) ? "user = nobody\n" : ""));
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), settings.resolve("pgbouncer.ini").toString())
                .redirectErrorStream(true)
                .redirectOutput(settings.resolve("log").toFile())
                .start();
        await().atMost(PATIENCE).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(PROXY_HOST, port));
                return true;
            } catch (IOException _) {
                return false;
            }
        });
        return process;
    }
}
