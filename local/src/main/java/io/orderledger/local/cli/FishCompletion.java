package io.orderledger.local.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for fish, which picocli does not make: a line for each verb and each option, and the values that are known. */
final class FishCompletion {
    private final CommandSpec root;
    private final StringBuilder script = new StringBuilder();

    FishCompletion(CommandSpec root) {
        this.root = root;
    }

    String script() {
        script.append("# Completions of ").append(root.name()).append(" for fish.\n");
        // What was typed so far, the options left out, says which verb it is.
        script.append("""
                function __order_ledger_at
                    set -l words (commandline -opc)
                    set -e words[1]
                    set -l verbs (string match -v -- '-*' $words)
                    test (count $verbs) -ge (count $argv); or return 1
                    for index in (seq (count $argv))
                        test $verbs[$index] = $argv[$index]; or return 1
                    end
                end
                function __order_ledger_ends_at
                    set -l words (commandline -opc)
                    set -e words[1]
                    __order_ledger_at $argv; and test (count (string match -v -- '-*' $words)) -eq (count $argv)
                end
                """);
        add(root, List.of());
        return script.toString();
    }

    private void add(CommandSpec command, List<String> verbs) {
        String at = String.join(" ", verbs);
        for (Map.Entry<String, CommandLine> verb : command.subcommands().entrySet()) {
            CommandSpec inner = verb.getValue().getCommandSpec();
            line("-n '__order_ledger_ends_at%s' -f -a %s -d %s"
                    .formatted(
                            at.isEmpty() ? "" : " " + at,
                            verb.getKey(),
                            quoted(inner.usageMessage().description())));
            List<String> further = new ArrayList<>(verbs);
            further.add(verb.getKey());
            add(inner, further);
        }
        if (!verbs.isEmpty()) {
            command.options().forEach(option -> option(option, at));
            command.positionalParameters().forEach(parameter -> parameter(parameter, at));
        }
    }

    private void option(OptionSpec option, String at) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
            names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        String values = option.arity().max() == 0 ? "" : values(option.completionCandidates(), option.paramLabel());
        line("-n '__order_ledger_at %s'%s%s -d %s".formatted(at, names, values, quoted(option.description())));
    }

    private void parameter(PositionalParamSpec parameter, String at) {
        if (parameter.completionCandidates() != null) {
            List<String> known = new ArrayList<>();
            parameter.completionCandidates().forEach(known::add);
            line("-n '__order_ledger_at %s' -f -a '%s'".formatted(at, String.join(" ", known)));
        }
    }

    /** Values that are known, files and folders, or whatever the user types. */
    private static String values(Iterable<String> candidates, String label) {
        if (candidates != null) {
            return " -x -a '" + String.join(" ", candidates) + "'";
        }
        return switch (label) {
            case "DIR", "FILE", "HEAD", "KEY", "PROOF" -> " -r -F";
            default -> " -x";
        };
    }

    private void line(String arguments) {
        script.append("complete -c ")
                .append(root.name())
                .append(' ')
                .append(arguments)
                .append('\n');
    }

    private static String quoted(String[] description) {
        String first = description.length == 0 ? "" : description[0].replaceAll("\\$\\{[A-Z-]+}", "…");
        return "'" + first.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
