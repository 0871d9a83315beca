package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** CloudFormation runs a custom resource again only if one of its properties changed. */
class SchemaVersionTest {

    private static final Pattern MIGRATION = Pattern.compile("V0*([0-9]+)__.*\\.sql");

    @Test
    void a_deployment_runs_the_newest_migration() {
        var stack = Stack.load(
                Path.of("../sam"),
                new StackContext(
                        "eu-central-1",
                        "123456789012",
                        "test",
                        Map.of(
                                "ApiAuthorization", "NONE",
                                "DatabaseProxyEndpoint", "127.0.0.1",
                                "DatabaseWriterEndpoint", "127.0.0.1",
                                "SubnetIds", "subnet-00000000",
                                "SecurityGroupIds", "sg-00000000",
                                "MigrationSecurityGroupIds", "sg-00000000")));

        List<CustomResourceDefinition> migrations = stack.customResources().stream()
                .filter(resource -> resource.type().equals("Custom::DatabaseMigration"))
                .toList();

        assertThat(migrations)
                .singleElement()
                .satisfies(migration -> assertThat(
                                migration.properties().path("SchemaVersion").asInt())
                        .as("raise SchemaVersion in %s", migration.location())
                        .isEqualTo(newestMigration()));
    }

    private static int newestMigration() {
        try (Stream<Path> files = Files.list(Path.of("../db/migrations"))) {
            return files.map(file -> MIGRATION.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(name -> Integer.parseInt(name.group(1)))
                    .max()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
