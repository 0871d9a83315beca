package io.orderledger.db.embedded;

import java.net.URI;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The server that the tests run on, by the system property {@code database}: {@code embedded}, which is the default; {@code container},
 * made from the image {@code database.image}; or the URL of one that is there, {@code postgresql://user@host:port/}, whose superuser that
 * is. All of them admit every role without a password.
 */
final class TestServer {
    private static final String EMBEDDED = "embedded";
    private static final String CONTAINER = "container";
    private static final String OFFICIAL_IMAGE = "postgres:17";
    private static final int POSTGRESQL_PORT = 5432;

    private TestServer() {}

    /** Starts it, or finds it; what is started ends with the JVM. */
    static Server chosen() {
        return switch (choice()) {
            case EMBEDDED -> EmbeddedServer.temporary();
            case CONTAINER -> container(System.getProperty("database.image", OFFICIAL_IMAGE));
            default -> given(choice());
        };
    }

    /** Whether the server is there before and after the tests, so that they have to clean up. */
    static boolean outlivesTheTests() {
        return !choice().equals(EMBEDDED) && !choice().equals(CONTAINER);
    }

    private static String choice() {
        return System.getProperty("database", EMBEDDED);
    }

    private static Server container(String image) {
        // Testcontainers' reaper, or the end of the engine, removes it.
        @SuppressWarnings("resource")
        PostgreSQLContainer<?> container = new PostgreSQLContainer<>(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withUsername(EmbeddedServer.SUPERUSER)
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new Reachable(container.getHost(), container.getMappedPort(POSTGRESQL_PORT), EmbeddedServer.SUPERUSER);
    }

    private static Server given(String url) {
        URI uri = URI.create(url);
        @Nullable String user = uri.getUserInfo();
        if (!"postgresql".equals(uri.getScheme()) || uri.getHost() == null || user == null || user.contains(":")) {
            throw new IllegalArgumentException(
                    "-Ddatabase is embedded, container or postgresql://user@host:port/, and not " + url);
        }
        return new Reachable(uri.getHost(), uri.getPort() < 0 ? POSTGRESQL_PORT : uri.getPort(), user);
    }

    private record Reachable(String host, int port, String superuser) implements Server {
        @Override
        public DataSource dataSource(String database, String user, String password) {
            return EmbeddedServer.dataSource(host, port, database, user, password);
        }

        @Override
        public DataSource superuser(String database) {
            return dataSource(database, superuser, "");
        }
    }
}
