package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.proof.ProofMaker;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger prove}: writes what {@code check} checks without a database. */
@Command(
        name = "prove",
        description = "Prints the proof that an event is in the ledger: its fields, its path, and a signed tree head.",
        mixinStandardHelpOptions = true)
final class ProveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "EVENT_ID", description = "The event's ID, a UUID.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private UUID eventId;

    @Mixin
    private LedgerOption ledger = new LedgerOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path heads = ledger.heads()
                .orElseThrow(() -> new IllegalArgumentException("--heads is needed: a proof ends in a tree head"));
        try (HikariDataSource connections = ledger.connect(1)) {
            spec.commandLine()
                    .getOut()
                    .print(new ProofMaker(connections, new FolderHeadStore(heads), ledger.key()).prove(eventId));
        }
        spec.commandLine().getOut().flush();
        return OrderLedger.DONE;
    }
}
