package io.orderledger.local.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger dead-letters replay}: tries parked messages again. */
@Command(
        name = "replay",
        description = {
            "Tries parked messages again by the code that refused them, after code or data were mended, and notes who did it and why.",
            "Repeating it changes nothing."
        },
        exitCodeList = {"0:done", "1:some could not be recorded; they go on waiting", "2:could not run"})
final class ParkedReplayCommand extends ReportingCommand {
    @Mixin
    private ParkedDecision decision = new ParkedDecision();

    @Override
    Answer answer() {
        try (ProgressDisplay progress = new ProgressDisplay(output().err())) {
            return decision.make("replay", progress);
        }
    }
}
