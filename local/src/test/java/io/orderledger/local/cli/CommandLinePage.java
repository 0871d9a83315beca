package io.orderledger.local.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** docs/command-line.md, made from the commands themselves. */
final class CommandLinePage {
    private static final String INTRODUCTION = """
            # The command line

            This page is made from the commands themselves; a test compares the two.

            ## What all commands have in common

            - `-o table` is for people (the default), `-o json` is one document, `-o ndjson` a document a line: each thing that was found, or the
              whole if it is one.
            - What was found goes to standard output; progress, questions and notices go to standard error.
            - Exit codes: 0 done, 1 found something wrong, 2 could not run.
            - Every failure names the command to run next; an unknown verb or option names the nearest.
            - `--dry-run` says what would be done and changes nothing. What cannot be taken back is asked about at a terminal; `--yes` confirms in
              scripts, which nobody asks.
            - Colours only at a terminal, and never where `NO_COLOR` is set. No colour says what the words do not.
            - `./order-ledger completion bash|zsh|fish` prints a script with which a shell completes all of this.

            `-o json` prints this envelope, for success and failure alike ([command-line.schema.json](command-line.schema.json)):

            ```json
            {"command":"orders","status":"done","exitCode":0,"data":{"orders":[]},"next":"./order-ledger orders --after …"}
            {"command":"verify","status":"found-wrong","exitCode":1,"data":{"fits":false},"next":"./order-ledger tail --after 7"}
            {"command":"status","status":"could-not-run","exitCode":2,"error":{"message":"…"},"next":"./order-ledger up --data .order-ledger"}
            ```

            With `-o ndjson` the lines are what was found and nothing else; only a failure is an envelope, on one line, and `next` goes to standard
            error.
            """;

    private final CommandLine root;
    private final StringBuilder page = new StringBuilder(INTRODUCTION);

    CommandLinePage(CommandLine root) {
        this.root = root;
    }

    String text() {
        page.append("\n## The verbs\n\n| verb | |\n|---|---|\n");
        root.getSubcommands()
                .forEach((name, command) -> page.append("| [`%s`](#%s) | %s |%n"
                        .formatted(name, anchor(command.getCommandSpec()), cell(first(command.getCommandSpec())))
                        .replace("\r", "")));
        root.getSubcommands().values().forEach(this::add);
        return page.toString();
    }

    private void add(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        page.append("\n### ").append(title(spec)).append("\n\n");
        page.append(String.join("\n", described(spec.usageMessage().description())))
                .append('\n');
        if (spec.subcommands().isEmpty()) {
            parameters(spec);
            exitCodes(spec);
        }
        command.getSubcommands().values().forEach(this::add);
    }

    private void parameters(CommandSpec spec) {
        List<String> rows = new ArrayList<>();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            rows.add("| `%s` | %s |"
                    .formatted(
                            parameter.paramLabel(),
                            cell(described(
                                    parameter.description(),
                                    parameter.defaultValue(),
                                    parameter.completionCandidates()))));
        }
        for (OptionSpec option : spec.options()) {
            if (!Arrays.asList("--help", "--version", "--output").contains(option.longestName())) {
                String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                rows.add("| `%s%s`%s | %s |"
                        .formatted(
                                String.join(", ", option.names()),
                                label,
                                option.required() ? ", required" : "",
                                cell(described(
                                        option.description(), option.defaultValue(), option.completionCandidates()))));
            }
        }
        if (!rows.isEmpty()) {
            page.append("\n| | |\n|---|---|\n").append(String.join("\n", rows)).append('\n');
        }
    }

    private void exitCodes(CommandSpec spec) {
        List<String> codes = new ArrayList<>();
        for (Map.Entry<String, String> code : spec.usageMessage().exitCodeList().entrySet()) {
            codes.add(code.getKey() + " " + code.getValue());
        }
        page.append("\nExit codes: ").append(String.join(", ", codes)).append(".\n");
    }

    private static String described(String[] description, String defaultValue, Iterable<String> candidates) {
        String text =
                String.join(" ", described(description)).replace("${DEFAULT-VALUE}", String.valueOf(defaultValue));
        return candidates == null ? text : text.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates));
    }

    private static List<String> described(String[] description) {
        return Arrays.stream(description)
                .map(line -> Ansi.OFF.string(line).replace("%n", " "))
                .map(line -> line.startsWith("    ") ? "`" + line.strip() + "`" : line)
                .toList();
    }

    private static String first(CommandSpec spec) {
        String[] description = spec.usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    private static String title(CommandSpec spec) {
        return spec.qualifiedName().replaceFirst("^order-ledger ", "");
    }

    private static String anchor(CommandSpec spec) {
        return title(spec).replace(' ', '-');
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
