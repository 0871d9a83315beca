package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.proof.ProofCheck;
import io.orderledger.ledger.proof.ProofCheck.NotProven;
import io.orderledger.ledger.proof.ProofCheck.Proven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code order-ledger check}: needs neither a database nor a running instance. */
@Command(
        name = "check",
        description = "Checks the proof of an event, without a database.",
        exitCodeList = {"0:proven", "1:not proven", "2:could not run"})
final class CheckCommand extends ReportingCommand {
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

    @Override
    Answer answer() {
        String text;
        try {
            text = Files.readString(proof);
        } catch (IOException e) {
            throw new CannotRun(proof + " cannot be read", NextCommand.help(spec()), e);
        }
        try {
            Proven proven = ProofCheck.check(text, LedgerOption.textIn(key));
            ObjectNode data = Answer.object()
                    .put("proven", true)
                    .put("eventId", proven.eventId().toString())
                    .put("origin", proven.origin())
                    .put("treeSize", proven.treeSize());
            return Answer.done(
                    data,
                    screen -> screen.line(
                            "%s: event %s, as the proof shows it, is in %s as of tree size %d.",
                            screen.painted(Screen.Tone.GOOD, "Proven"),
                            proven.eventId(),
                            proven.origin(),
                            proven.treeSize()));
        } catch (NotProven e) {
            String why = String.valueOf(e.getMessage());
            return Answer.wrong(
                    Answer.object().put("proven", false).put("why", why),
                    screen -> screen.line(
                            "%s: %s", screen.painted(Screen.Tone.WRONG, "NOT PROVEN"), Screen.printable(why)),
                    NextCommand.line("verify"));
        }
    }
}
