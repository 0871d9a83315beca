package io.orderledger.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        description = "Measures the ledger beside its peers, prints tables and writes benchmarks/results.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AppendCommand.class,
            VerifyCommand.class,
            RebuildCommand.class,
            ReadsCommand.class,
            CatchUpCommand.class,
            ColdStartCommand.class,
            CliStartCommand.class,
            LoadCommand.class
        })
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
