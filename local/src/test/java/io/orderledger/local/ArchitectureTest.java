package io.orderledger.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way, and nothing on AWS knows that a local run exists. */
@AnalyzeClasses(packages = "io.orderledger", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule modules_depend_in_one_direction = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.orderledger..")
            .layer("local")
            .definedBy("io.orderledger.local..")
            .layer("handlers")
            .definedBy("io.orderledger.handlers..")
            .layer("projections")
            .definedBy("io.orderledger.projections..")
            .layer("ledger")
            .definedBy("io.orderledger.ledger..")
            .layer("db")
            .definedBy("io.orderledger.db..")
            .whereLayer("local")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("handlers")
            .mayOnlyBeAccessedByLayers("local")
            .whereLayer("projections")
            .mayOnlyBeAccessedByLayers("handlers", "local")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("projections", "handlers", "local");

    @ArchTest
    static final ArchRule the_local_run_reaches_handlers_only_through_their_entry_points = noClasses()
            .that()
            .resideInAPackage("io.orderledger.local..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.orderledger.handlers..");

    /** The export of tree heads runs beside the functions on AWS, too. */
    @ArchTest
    static final ArchRule only_commands_and_the_export_of_heads_use_the_ledger_themselves = noClasses()
            .that()
            .resideInAPackage("io.orderledger.local..")
            .and()
            .resideOutsideOfPackages("io.orderledger.local.cli", "io.orderledger.local.heads")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.orderledger.projections..", "io.orderledger.ledger..");

    @ArchTest
    static final ArchRule local_packages_have_no_cycles =
            slices().matching("io.orderledger.local.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule entry_points_can_be_made_by_lambda_and_with_an_environment = classes()
            .that()
            .implement(RequestStreamHandler.class)
            .and()
            .resideInAPackage("io.orderledger.handlers..")
            .should()
            .bePublic()
            .andShould()
            .haveModifier(JavaModifier.FINAL);
}
