package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.verify.Finding;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.ledger.verify.Verifier.Exported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger verify}: is the ledger what it was? */
@Command(
        name = "verify",
        description = "Recomputes the whole ledger and names the first thing that does not fit.",
        exitCodeList = {"0:everything fits", "1:something does not", "2:it could not be found out"})
final class VerifyCommand extends ReportingCommand {
    @Mixin
    private LedgerOption ledger = new LedgerOption();

    @Option(
            names = "--since",
            paramLabel = "HEAD",
            description = "A file with a signed tree head that you trust: only what came after it is verified.")
    private @Nullable Path since;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many chunks are checked at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    Answer answer() throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1");
        }
        Optional<Exported> exported =
                ledger.heads().map(folder -> new Exported(new FolderHeadStore(folder), ledger.key()));
        Verification verification;
        try (ProgressLine progress = new ProgressLine(output().err());
                HikariDataSource connections = ledger.connect(threads + 1)) {
            Verifier verifier = new Verifier(connections, threads, exported);
            if (since == null) {
                verification = verifier.verify(progress);
            } else {
                TreeHead trusted = ledger.key().open(Files.readString(since));
                verification = verifier.verifySince(trusted, progress);
            }
            progress.end();
        }
        return answer(verification, exported.isPresent(), ledger.asOption());
    }

    private static Answer answer(Verification verification, boolean comparesHeads, String where) {
        ObjectNode data = Answer.object()
                .put("fits", verification.finding().isEmpty())
                .put("events", verification.events())
                .put("block", verification.height())
                .put("treeSize", verification.treeSize());
        if (comparesHeads) {
            data.put("heads", verification.heads());
        }
        if (verification.finding().isPresent()) {
            Finding found = verification.finding().get();
            String finding = found.toString();
            ObjectNode told =
                    data.putObject("finding").put("kind", found.kind().name()).put("explanation", found.explanation());
            found.position().ifPresent(position -> told.put("position", position));
            found.height().ifPresent(height -> told.put("block", height));
            return Answer.wrong(
                    data,
                    screen -> {
                        screen.line("%s %s", screen.painted(Screen.Tone.WRONG, "WRONG"), Screen.printable(finding));
                        screen.line("Everything before it fits, up to block %d.", verification.height());
                    },
                    NextCommand.line("tail --after " + Math.max(0, verification.height()) + where));
        }
        return Answer.done(data, screen -> {
            screen.line(
                    "%s: %,d events verified, up to block %d and tree size %d.",
                    screen.painted(Screen.Tone.GOOD, "Everything fits"),
                    verification.events(),
                    verification.height(),
                    verification.treeSize());
            screen.line(
                    "%s",
                    comparesHeads
                            ? "Exported tree heads compared: " + verification.heads() + "."
                            : "No exported tree heads were compared: a ledger that was rewritten as a whole would not"
                                    + " show.");
        });
    }
}
