package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs a command as a user would, without the process around it. */
public final class CommandLineCalls {
    private CommandLineCalls() {}

    public static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = OrderLedger.commandLine(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /**
     * What a user would see.
     *
     * @param exitCode the process's
     * @param out standard output
     * @param err standard error
     */
    public record Result(int exitCode, String out, String err) {}
}
