package io.orderledger.handlers.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Supplier;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Opens connections that RDS Proxy can share among clients: every setting travels in the start-up message, so no SET follows, and
 * statements stay unnamed.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html">What pins a connection</a>
 */
final class ServerConnections {
    private static final String APPLICATION_NAME = "order-ledger";

    /** The driver then sends what it needs at the start instead of asking and setting it afterwards. */
    private static final String MIN_SERVER_VERSION = "12.0";

    private static final String CANNOT_CONNECT = "08001";

    private final ConnectionSettings settings;
    private final Supplier<String> password;

    ServerConnections(ConnectionSettings settings, Supplier<String> password) {
        this.settings = settings;
        this.password = password;
    }

    Connection open(Timeouts timeouts) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {settings.host()});
        source.setPortNumbers(new int[] {settings.port()});
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setPassword(password());
        source.setApplicationName(APPLICATION_NAME);
        source.setAssumeMinServerVersion(MIN_SERVER_VERSION);
        source.setPrepareThreshold(0);
        source.setConnectTimeout(seconds(timeouts.connect()));
        source.setSocketTimeout(seconds(timeouts.read()));
        source.setTcpKeepAlive(true);
        // Details of errors quote rows, and rows hold personal data.
        source.setLogServerErrorDetail(false);
        source.setSslMode(settings.sslMode());
        if (settings.rootCertificate().isPresent()) {
            source.setSslRootCert(settings.rootCertificate().get());
        } else if (settings.sslMode().startsWith("verify-")) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        return source.getConnection();
    }

    private String password() throws SQLException {
        try {
            return password.get();
        } catch (SdkException e) {
            // Credentials that cannot be had now may be had later, so this is a connection that cannot be made now.
            throw new SQLTransientConnectionException(
                    "No token could be signed for user " + settings.user(), CANNOT_CONNECT, e);
        }
    }

    /** The driver counts whole seconds, and zero is for ever. */
    private static int seconds(Duration duration) {
        return (int) duration.toSeconds();
    }
}
