package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.EmbeddedServer;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.RemainingTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate for the name localhost, signed by itself. */
class TlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedServer.temporary();
        makeCertificate();
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '" + folder.resolve("server.crt") + "'");
            statement.execute("alter system set ssl_key_file = '" + folder.resolve("server.key") + "'");
            statement.execute("alter system set ssl = on");
            statement.execute("select pg_reload_conf()");
        }
        // The server reads its settings again when it gets to it; sessions that begin afterwards have them.
        await().atMost(Duration.ofSeconds(20)).until(TlsIT::offersEncryption);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void connects_to_the_server_that_the_authority_vouches_for() throws SQLException {
        assertThat(encrypted("localhost", Optional.of(folder.resolve("server.crt"))))
                .isTrue();
    }

    @Test
    void connects_to_no_server_of_another_name() {
        assertThatThrownBy(() -> encrypted("127.0.0.1", Optional.of(folder.resolve("server.crt"))))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("host");
    }

    @Test
    void connects_to_no_server_that_the_jdk_does_not_trust() {
        assertThatThrownBy(() -> encrypted("localhost", Optional.empty()))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining("PKIX path building failed");
    }

    private static boolean offersEncryption() throws SQLException {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show ssl")) {
            return row.next() && row.getString(1).equals("on");
        }
    }

    private static boolean encrypted(String host, Optional<Path> rootCertificate) throws SQLException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PGHOST",
                host,
                "PGPORT",
                Integer.toString(server.port()),
                "PGDATABASE",
                "postgres",
                "PGUSER",
                EmbeddedServer.SUPERUSER,
                "PGPASSWORD",
                "not asked for"));
        rootCertificate.ifPresent(file -> environment.put("PGSSLROOTCERT", file.toString()));
        ConnectionSettings settings = ConnectionSettings.from(environment);
        Timeouts timeouts = Timeouts.within(RemainingTime.of(Invocation.lasting(Duration.ofSeconds(30))));
        try (Connection connection =
                        new ServerConnections(settings, Passwords.from(settings, environment)).open(timeouts);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-ext",
                        "bc:c",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path key = folder.resolve("server.key");
        write(key, "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        write(
                folder.resolve("server.crt"),
                "CERTIFICATE",
                keys.getCertificate("server").getEncoded());
    }

    private static void write(Path file, String label, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n");
    }
}
