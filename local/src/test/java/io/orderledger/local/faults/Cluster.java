package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A cluster of the PostgreSQL that is installed on this machine, with all its programs, which the embedded one has not. */
final class Cluster implements Server, AutoCloseable {
    private static final Path PROGRAMS = Path.of(System.getProperty("postgresql.bin", "/usr/lib/postgresql/15/bin"));
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);
    private static final String SUPERUSER = "postgres";

    private final Path folder;
    private final int port;
    private final Process process;

    private Cluster(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    static Path programs() {
        return PROGRAMS;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAMS.resolve("pg_basebackup"));
    }

    /** An empty one. */
    static Cluster make(Path folder) throws Exception {
        open(folder);
        run(folder, "initdb", "-D", data(folder).toString(), "-U", SUPERUSER, "--auth=trust", "--locale=C.UTF-8");
        return start(folder);
    }

    /** One that continues with a copy of this one's files, taken while this one is at work. */
    Cluster baseBackup(Path into) throws Exception {
        open(into);
        run(
                into,
                "pg_basebackup",
                "-h",
                host(),
                "-p",
                Integer.toString(port),
                "-U",
                SUPERUSER,
                "-D",
                data(into).toString(),
                "-X",
                "stream",
                "-c",
                "fast");
        return start(into);
    }

    /** Runs one of PostgreSQL's programs on this cluster. */
    void program(String name, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-h", host(), "-p", Integer.toString(port), "-U", SUPERUSER));
        all.addAll(List.of(arguments));
        run(folder, name, all.toArray(String[]::new));
    }

    Path folder() {
        return folder;
    }

    private static Cluster start(Path folder) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process process = begin(
                folder,
                "postgres",
                "-D",
                data(folder).toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=");
        Cluster cluster = new Cluster(folder, port, process);
        await().atMost(STARTED_WITHIN).ignoreExceptions().until(() -> {
            try (var connection = cluster.superuser("postgres").getConnection()) {
                return connection.isValid(1);
            }
        });
        return cluster;
    }

    /** PostgreSQL refuses to run as root, and has to reach its folder as somebody else. */
    private static void open(Path folder) throws Exception {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Path above = folder.getParent();
                above != null && above.startsWith(System.getProperty("java.io.tmpdir"));
                above = above.getParent()) {
            if (!above.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
                Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static void run(Path folder, String name, String... arguments) throws Exception {
        int code = begin(folder, name, arguments).waitFor();
        assertThat(code)
                .as("%s: %s", name, Files.readString(folder.resolve("log")))
                .isZero();
    }

    private static Process begin(Path folder, String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(PROGRAMS.resolve(name).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public DataSource dataSource(String database, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    @Override
    public DataSource superuser(String database) {
        return dataSource(database, SUPERUSER, "");
    }

    /** Ends it at once; who wants its files takes a backup. */
    @Override
    public void close() {
        List<ProcessHandle> sessions = process.descendants().toList();
        process.destroyForcibly();
        sessions.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        sessions.forEach(session -> session.onExit().join());
    }
}
