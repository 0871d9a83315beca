package io.orderledger.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that finds something out, or does something and tells what became of it. Whatever it throws is told as what keeps it from
 * running, with the command to run next.
 */
@Command(
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:found something wrong", "2:could not run"})
abstract class ReportingCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    /**
     * Does it.
     *
     * @throws CannotRun or any other exception, if it could not be done or found out
     */
    abstract Answer answer() throws Exception;

    @Override
    public final Integer call() throws Exception {
        return output.tell(answer());
    }

    final Output output() {
        return output;
    }

    final CommandSpec spec() {
        return spec;
    }
}
