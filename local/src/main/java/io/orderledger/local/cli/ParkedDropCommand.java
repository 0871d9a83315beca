package io.orderledger.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger dead-letters drop}: decides that parked messages are not wanted. */
@Command(
        name = "drop",
        description = {
            "Decides that parked messages are not wanted, and notes who did it and why. They are listed as dropped from then on,",
            "and cannot be tried again. Their content is kept."
        },
        mixinStandardHelpOptions = true)
final class ParkedDropCommand implements Callable<Integer> {
    @Mixin
    private ParkedDecision decision = new ParkedDecision();

    @Override
    public Integer call() throws Exception {
        return decision.make("drop");
    }
}
