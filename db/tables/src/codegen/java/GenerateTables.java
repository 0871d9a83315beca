import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.embedded.TemporaryDatabase;
import java.nio.file.Path;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.jaxb.Target;

/** Writes a jOOQ class for each table, view and function of the migrated schema. Run by the build, from its source. */
public final class GenerateTables {
    private GenerateTables() {}

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[0]);
        try (TemporaryDatabase database = TemporaryDatabase.create()) {
            GenerationTool.generate(new Configuration()
                    .withJdbc(new Jdbc()
                            .withUrl("jdbc:postgresql://" + database.host() + ":" + database.port() + "/"
                                    + database.name())
                            .withUser(Bootstrap.MIGRATOR)
                            .withPassword(""))
                    .withGenerator(new Generator()
                            .withDatabase(new Database()
                                    .withName("org.jooq.meta.postgres.PostgresDatabase")
                                    .withSchemata(
                                            new SchemaMappingType().withInputSchema("ledger"),
                                            new SchemaMappingType().withInputSchema("projection"))
                                    .withForcedTypes(
                                            new ForcedType().withName("INSTANT").withIncludeTypes("timestamptz")))
                            .withGenerate(new Generate()
                                    .withGeneratedAnnotation(false)
                                    .withRecords(true)
                                    .withPojos(false)
                                    .withJavaTimeTypes(true))
                            .withTarget(new Target()
                                    .withPackageName("io.orderledger.db.tables")
                                    .withDirectory(target.toString())
                                    .withClean(true))));
        }
    }
}
