package io.orderledger.local.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger dead-letters drop}: decides that parked messages are not wanted. */
@Command(
        name = "drop",
        description = {
            "Decides that parked messages are not wanted, and notes who did it and why. They are listed as dropped from then on,",
            "and cannot be tried again. Their content is kept."
        },
        exitCodeList = {"0:done", "1:some could not be dropped", "2:could not run"})
final class ParkedDropCommand extends ReportingCommand {
    @Mixin
    private ParkedDecision decision = new ParkedDecision();

    @Override
    Answer answer() {
        try (ProgressDisplay progress = new ProgressDisplay(output().err())) {
            return decision.make("drop", progress);
        }
    }
}
