package io.orderledger.handlers.database;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A running PgBouncer that lends a server's connections for a transaction at a time, as RDS Proxy does to sessions that pin nothing. */
final class PgBouncer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param program the file to run
     * @param serverPort where PostgreSQL listens
     * @param roles who may connect, without a password
     * @param connections how many of the server's connections the sessions of a role share
     * @param folder for its files
     */
    static PgBouncer start(String program, int serverPort, List<String> roles, int connections, Path folder)
            throws IOException {
        int port = freePort();
        Path users = folder.resolve("users.txt");
        Files.write(users, roles.stream().map(role -> "\"" + role + "\" \"\"").toList());
        Path log = folder.resolve("pgbouncer.log");
        Path settings = folder.resolve("pgbouncer.ini");
        Files.writeString(
                settings, """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                """.formatted(serverPort, port, users, connections) + (isRoot() ? "user = nobody\n" : ""));
        // It refuses to run as root, and reads its files after it has become somebody else.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process process = new ProcessBuilder(program, settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PgBouncer bouncer = new PgBouncer(process, port);
        await().atMost(START_TIMEOUT)
                .conditionEvaluationListener(condition -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("PgBouncer ended at once: " + read(log));
                    }
                })
                .until(bouncer::listens);
        return bouncer;
    }

    int port() {
        return port;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
