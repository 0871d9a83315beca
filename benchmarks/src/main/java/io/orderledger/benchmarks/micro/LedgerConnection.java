package io.orderledger.benchmarks.micro;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How JMH's processes find the database: by a file that only its owner can read, whose place a system property tells. An argument would tell
 * everybody the password.
 */
final class LedgerConnection {
    static final String FILE_PROPERTY = "orderledger.benchmarks.connection";
    private static final String URL = "url";
    private static final String PASSWORD = "password";

    private LedgerConnection() {}

    /** Writes the file. */
    static Path write(String jdbcUrl, String password) throws IOException {
        Path file = Files.createTempFile("order-ledger-benchmark", ".properties");
        Properties properties = new Properties();
        properties.setProperty(URL, jdbcUrl);
        properties.setProperty(PASSWORD, password);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    /** Connects as a role, in a process of JMH. Commits do not wait for the disk: what is measured is the work. */
    static Connection open(String role) throws SQLException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(System.getProperty(FILE_PROPERTY)))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("The database's connection file cannot be read", e);
        }
        properties.setProperty("user", role);
        properties.setProperty("options", "-c synchronous_commit=off");
        return DriverManager.getConnection(properties.getProperty(URL), properties);
    }
}
