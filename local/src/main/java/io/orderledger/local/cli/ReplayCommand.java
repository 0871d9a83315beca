package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code order-ledger replay}: delivers what waits in the dead-letter queues again. */
@Command(
        name = "replay",
        description = "Replays the dead-letter queues. Repeating it changes nothing.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Replay.Totals totals = Replay.of(data.instance(), spec.commandLine().getErr());
        out.println("appended " + totals.appended());
        out.println("duplicate " + totals.duplicate());
        out.println("refused " + totals.refused());
        if (totals.failed() > 0) {
            out.println("failed " + totals.failed() + " (they stay in their queues; is the database up?)");
            return OrderLedger.FOUND_WRONG;
        }
        return OrderLedger.DONE;
    }
}
