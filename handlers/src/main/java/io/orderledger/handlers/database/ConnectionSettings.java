package io.orderledger.handlers.database;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the database is and how to prove who asks, under the names that PostgreSQL's own programs use.
 *
 * @param sslMode as libpq defines it; without a setting, the server's certificate and name are verified
 * @param rootCertificate file of the authorities to trust; without it, those that the JDK trusts
 * @param password empty where a token of IAM takes its place
 * @param region AWS Region that tokens are signed for
 */
record ConnectionSettings(
        String host,
        int port,
        String database,
        String user,
        String sslMode,
        Optional<String> rootCertificate,
        Optional<String> password,
        Optional<String> region) {
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;
    private static final String VERIFY_FULL = "verify-full";
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", VERIFY_FULL);

    /**
     * Reads PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE, PGSSLROOTCERT, PGPASSWORD and AWS_REGION.
     *
     * @throws UnusableSetting if one is missing or is not what it must be
     */
    static ConnectionSettings from(Map<String, String> environment) {
        ConnectionSettings settings = new ConnectionSettings(
                required(environment, "PGHOST"),
                port(environment),
                required(environment, "PGDATABASE"),
                required(environment, "PGUSER"),
                optional(environment, "PGSSLMODE").orElse(VERIFY_FULL),
                optional(environment, "PGSSLROOTCERT"),
                optional(environment, "PGPASSWORD"),
                optional(environment, "AWS_REGION"));
        settings.check();
        return settings;
    }

    private void check() {
        if (!SSL_MODES.contains(sslMode)) {
            throw new UnusableSetting("PGSSLMODE", "must be one of libpq's modes");
        }
        if (password.isEmpty() && !sslMode.equals(VERIFY_FULL)) {
            throw new UnusableSetting(
                    "PGSSLMODE", "must be verify-full without PGPASSWORD: a token must not reach an unknown server");
        }
        if (password.isEmpty() && region.isEmpty()) {
            throw new UnusableSetting("AWS_REGION", "is required without PGPASSWORD, to sign tokens for");
        }
    }

    private static int port(Map<String, String> environment) {
        String port = optional(environment, "PGPORT").orElse(Integer.toString(DEFAULT_PORT));
        try {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= MAX_PORT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number that is no port.
        }
        throw new UnusableSetting("PGPORT", "must be a port");
    }

    private static String required(Map<String, String> environment, String variable) {
        return optional(environment, variable).orElseThrow(() -> new UnusableSetting(variable, "is required"));
    }

    private static Optional<String> optional(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database + " (sslmode " + sslMode + ")";
    }
}
