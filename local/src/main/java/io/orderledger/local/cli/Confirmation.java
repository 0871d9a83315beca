package io.orderledger.local.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --yes}, and the question that it answers. Only somebody at a terminal can be asked. */
final class Confirmation {
    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean given;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec command;

    /**
     * Goes on only if the user confirms.
     *
     * @param question what will be done, and what to type
     * @param word what has to be typed
     * @throws CannotRun if it is not confirmed, or nobody can be asked
     */
    void demand(String question, String word) {
        if (given) {
            return;
        }
        if (!Terminal.isIn() || !Terminal.isErr()) {
            throw new CannotRun(
                    "nothing was done: it has to be confirmed, and nobody is at a terminal",
                    NextCommand.sameWith(command, "--yes"));
        }
        PrintWriter err = command.commandLine().getErr();
        err.print(question + ": ");
        err.flush();
        if (!word.equals(typed())) {
            throw new CannotRun("nothing was done: it was not confirmed", NextCommand.sameWith(command, "--dry-run"));
        }
    }

    private static String typed() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The answer could not be read", e);
        }
    }
}
