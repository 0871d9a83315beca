package io.orderledger.local.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.proof.ProofMaker;
import java.nio.file.Path;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code order-ledger prove}: writes what {@code check} checks without a database. */
@Command(
        name = "prove",
        description = {
            "Prints the proof that an event is in the ledger: its fields, its path, and a signed tree head.",
            "What check takes is the document that is printed without -o; the formats of -o put it into the envelope."
        })
final class ProveCommand extends ReportingCommand {
    private static final JsonMapper JSON = new JsonMapper();

    @Parameters(paramLabel = "EVENT_ID", description = "The event's ID, a UUID.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private UUID eventId;

    @Mixin
    private LedgerOption ledger = new LedgerOption();

    @Override
    Answer answer() throws JsonProcessingException {
        Path heads = ledger.heads()
                .orElseThrow(() -> new IllegalArgumentException("--heads is needed: a proof ends in a tree head"));
        try (HikariDataSource connections = ledger.connect(1)) {
            String proof = new ProofMaker(connections, new FolderHeadStore(heads), ledger.key()).prove(eventId);
            return Answer.done(Answer.object().set("proof", JSON.readTree(proof)), screen -> screen.raw(proof));
        }
    }
}
