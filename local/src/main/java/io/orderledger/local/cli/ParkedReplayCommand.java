package io.orderledger.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger dead-letters replay}: tries parked messages again. */
@Command(
        name = "replay",
        description = {
            "Tries parked messages again by the code that refused them, after code or data were mended, and notes who did it and why.",
            "Repeating it changes nothing. Exit code 1: some still cannot be recorded; they go on waiting."
        },
        mixinStandardHelpOptions = true)
final class ParkedReplayCommand implements Callable<Integer> {
    @Mixin
    private ParkedDecision decision = new ParkedDecision();

    @Override
    public Integer call() throws Exception {
        return decision.make("replay");
    }
}
