package io.orderledger.local.cli;

import io.orderledger.ledger.proof.ProofCheck;
import io.orderledger.ledger.proof.ProofCheck.NotProven;
import io.orderledger.ledger.proof.ProofCheck.Proven;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger check}: needs neither a database nor a running instance. */
@Command(
        name = "check",
        description = "Checks the proof of an event, without a database.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROOF", description = "The file that prove wrote.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private Path proof;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description =
                    "The verifier key of the tree heads, or a file that holds it; not from whoever gave you the proof.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private String key;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            Proven proven = ProofCheck.check(Files.readString(proof), LedgerOption.textIn(key));
            spec.commandLine()
                    .getOut()
                    .printf(
                            "Proven: event %s, as the proof shows it, is in %s as of tree size %d.%n",
                            proven.eventId(), proven.origin(), proven.treeSize());
            return OrderLedger.DONE;
        } catch (NotProven e) {
            spec.commandLine().getOut().println("NOT PROVEN: " + e.getMessage());
            return OrderLedger.FOUND_WRONG;
        } catch (IOException e) {
            throw new UncheckedIOException(proof + " cannot be read", e);
        }
    }
}
