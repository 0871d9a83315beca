package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.ledger.verify.Verifier.Exported;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code order-ledger verify}: exit code 0 if everything fits, 1 if something does not, 2 if it could not be found out. */
@Command(
        name = "verify",
        description = "Recomputes the whole ledger and names the first thing that does not fit.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        Optional<Exported> exported =
                ledger.heads().map(folder -> new Exported(new FolderHeadStore(folder), ledger.key()));
        Verification verification;
        try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
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
        if (verification.finding().isPresent()) {
            out.println("WRONG " + verification.finding().get());
            out.printf("Everything before it fits, up to block %d.%n", verification.height());
            return OrderLedger.FOUND_WRONG;
        }
        out.printf(
                "Everything fits: %,d events verified, up to block %d and tree size %d.%n",
                verification.events(), verification.height(), verification.treeSize());
        out.println(
                exported.isPresent()
                        ? "Exported tree heads compared: " + verification.heads() + "."
                        : "No exported tree heads were compared: a ledger that was rewritten as a whole would not show.");
        return OrderLedger.DONE;
    }
}
