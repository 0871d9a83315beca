package io.orderledger.db.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings a database to the schema that this version of the code needs.
 *
 * <p>Flyway keeps its history in the schema {@code migration} and takes session-level advisory locks, so the connection must
 * lead to the writer itself, never through a proxy that shares sessions. Two migrations at once wait for each other. The user
 * needs CREATEROLE and CREATE on the database, and is expected to be no superuser.
 *
 * <p>Stateless; safe for use by several threads.
 */
public final class Migrations {
    private static final String HISTORY_SCHEMA = "migration";
    private static final String FOLDER = "/db/migrations";
    private static final String LOCATION = "classpath:" + FOLDER.substring(1);
    private static final Pattern VERSIONED = Pattern.compile("^V([0-9]+)__");

    private Migrations() {}

    /**
     * Applies what is missing; does nothing when the schema is current.
     *
     * @param writer connects to the database's writer as the migrating user
     * @return what was applied
     * @throws MigrationFailed if a migration could not be applied or the history does not fit the files; each migration is a
     *     transaction, so the schema is that of the last one that succeeded, and the call can be repeated once the cause is gone
     */
    public static Applied migrate(DataSource writer) {
        return migrate(writer, MigrationVersion.LATEST);
    }

    /**
     * Applies what is missing up to a version, and nothing above it: the schema that older code left, from which an upgrade begins.
     *
     * @param version number of the last migration to apply
     * @throws MigrationFailed as {@link #migrate} does
     */
    public static Applied migrateTo(DataSource writer, int version) {
        return migrate(writer, MigrationVersion.fromVersion(Integer.toString(version)));
    }

    private static Applied migrate(DataSource writer, MigrationVersion target) {
        try {
            MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(writer)
                    .locations(LOCATION)
                    .defaultSchema(HISTORY_SCHEMA)
                    .createSchemas(true)
                    .cleanDisabled(true)
                    .validateMigrationNaming(true)
                    .target(target)
                    .load()
                    .migrate();
            String before = result.initialSchemaVersion == null ? "0" : result.initialSchemaVersion;
            String after = result.targetSchemaVersion == null ? before : result.targetSchemaVersion;
            return new Applied(result.migrationsExecuted, before, after);
        } catch (FlywayException e) {
            throw new MigrationFailed(e);
        }
    }

    /**
     * Number of the newest migration that this version of the code has, without asking a database.
     *
     * @throws UncheckedIOException if the files are not where they were packaged
     */
    public static int newest() {
        URL folder = Migrations.class.getResource(FOLDER);
        if (folder == null) {
            throw new UncheckedIOException(new IOException("The class path has no " + FOLDER));
        }
        try {
            if (!"jar".equals(folder.getProtocol())) {
                return newestIn(Path.of(folder.toURI()));
            }
            try (FileSystem jar = FileSystems.newFileSystem(
                    Path.of(URI.create(folder.getPath().replaceFirst("!.*", ""))))) {
                return newestIn(jar.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static int newestIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> VERSIONED.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::find)
                    .mapToInt(name -> Integer.parseInt(name.group(1)))
                    .max()
                    .orElseThrow();
        }
    }

    /**
     * What a migration did.
     *
     * @param count migrations that were applied now
     * @param from schema version before; "0" for an empty database
     * @param to schema version now
     */
    public record Applied(int count, String from, String to) {}

    /** The schema could not be brought up to date; the message says which migration failed and why. */
    public static final class MigrationFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MigrationFailed(FlywayException cause) {
            super("The database could not be migrated: " + cause.getMessage(), cause);
        }
    }
}
