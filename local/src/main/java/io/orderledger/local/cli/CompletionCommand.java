package io.orderledger.local.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code order-ledger completion}: what a shell needs to complete the line. */
@Command(
        name = "completion",
        description = {
            "Prints a script with which a shell completes verbs, options and their values. For example in ~/.bashrc or ~/.zshrc:",
            "    source <(/path/to/order-ledger completion bash)",
            "and for fish: ./order-ledger completion fish > ~/.config/fish/completions/order-ledger.fish"
        },
        exitCodeList = {"0:done", "2:could not run"})
final class CompletionCommand extends ReportingCommand {
    /** The shells that are known. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    @Override
    Answer answer() {
        String script = script(shell, OrderLedger.commandLine());
        return Answer.done(
                Answer.object().put("shell", shell.name()).put("script", script), screen -> screen.raw(script));
    }

    static String script(Shell shell, CommandLine commandLine) {
        return switch (shell) {
            case bash -> AutoComplete.bash(OrderLedger.NAME, commandLine);
            // The script makes zsh understand it by bashcompinit; that needs compinit, which not everybody has run.
            case zsh ->
                String.join(
                        "\n",
                        List.of(
                                "autoload -U +X compinit && compinit",
                                AutoComplete.bash(OrderLedger.NAME, commandLine)));
            case fish -> new FishCompletion(commandLine.getCommandSpec()).script();
        };
    }
}
