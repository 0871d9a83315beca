package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells why a command could not run: one line for people, or the envelope, and always the command to run next. */
final class Failures {
    private static final String STACK_TRACE = "orderledger.stacktrace";

    /** More than that is another word, not a slip of the finger. */
    private static final int MAX_SLIPS_IN_PERCENT = 50;

    private static final int PERCENT = 100;

    private Failures() {}

    /** A command began, and failed. */
    static int ofRunning(Exception failure, CommandLine command) {
        int exitCode = tell(
                command,
                format(command.getParseResult().originalArgs()),
                messageOf(failure),
                NextCommand.after(failure, command.getCommandSpec()));
        if (Boolean.getBoolean(STACK_TRACE)) {
            failure.printStackTrace(command.getErr());
        }
        return exitCode;
    }

    /** What was typed is no command. */
    static int ofParsing(ParameterException failure, String... arguments) {
        CommandLine command = failure.getCommandLine();
        CommandSpec spec = command.getCommandSpec();
        Optional<String> wrong = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched().stream().findFirst()
                : Optional.empty();
        if (wrong.isEmpty()) {
            boolean verbMissing = !spec.subcommands().isEmpty() && failure.getClass() == ParameterException.class;
            return tell(
                    command,
                    format(List.of(arguments)),
                    verbMissing ? "a verb is missing: " + String.join(", ", verbs(spec)) : messageOf(failure),
                    NextCommand.help(spec));
        }
        return unknown(command, wrong.get(), arguments);
    }

    private static int unknown(CommandLine command, String wrong, String... arguments) {
        CommandSpec spec = command.getCommandSpec();
        boolean isOption = wrong.startsWith("-");
        String name = isOption ? wrong.replaceFirst("=.*", "") : wrong;
        List<String> known = isOption ? options(spec) : verbs(spec);
        Optional<String> nearest = nearest(name, known);
        String kind = isOption ? "option" : known.isEmpty() ? "argument" : "verb";
        String message = "unknown %s %s".formatted(kind, NextCommand.quoted(Screen.printable(name)))
                + nearest.map(word -> "; the nearest is " + word).orElse("");
        String next = nearest.filter(word -> !isOption)
                .map(word -> "./" + spec.qualifiedName() + " " + word + " --help")
                .orElseGet(() -> NextCommand.help(spec));
        return tell(command, format(List.of(arguments)), message, next);
    }

    private static int tell(CommandLine command, OutputFormat format, String message, String next) {
        if (format == OutputFormat.table) {
            PrintWriter err = command.getErr();
            err.println("order-ledger: " + message + "; next: " + next);
            err.flush();
        } else {
            var envelope = Envelope.couldNotRun(command.getCommandSpec(), message, next);
            command.getOut().println(format == OutputFormat.json ? envelope.toPrettyString() : envelope.toString());
            command.getOut().flush();
        }
        return OrderLedger.COULD_NOT_RUN;
    }

    private static List<String> verbs(CommandSpec spec) {
        return spec.parent() == null
                ? OrderLedger.VERBS
                : List.copyOf(spec.subcommands().keySet());
    }

    private static List<String> options(CommandSpec spec) {
        return spec.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    /** The word that takes the fewest slips to become this one; none if all are far away. */
    static Optional<String> nearest(String word, List<String> words) {
        return words.stream()
                .map(candidate -> Map.entry(candidate, slips(word, candidate)))
                .filter(distance -> distance.getValue() * PERCENT
                        <= MAX_SLIPS_IN_PERCENT
                                * Math.max(word.length(), distance.getKey().length()))
                .min(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey);
    }

    /** Letters too many, too few or wrong, and neighbours that changed places (optimal string alignment). */
    private static int slips(String one, String other) {
        int[] beforeLast = new int[0];
        int[] last = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            last[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                boolean same = one.charAt(row - 1) == other.charAt(column - 1);
                int least = Math.min(last[column] + 1, current[column - 1] + 1);
                least = Math.min(least, last[column - 1] + (same ? 0 : 1));
                if (row > 1
                        && column > 1
                        && one.charAt(row - 1) == other.charAt(column - 2)
                        && one.charAt(row - 2) == other.charAt(column - 1)) {
                    least = Math.min(least, beforeLast[column - 2] + 1);
                }
                current[column] = least;
            }
            beforeLast = last;
            last = current;
        }
        return last[other.length()];
    }

    /** What was asked for, also by a line that could not be parsed. */
    private static OutputFormat format(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("-o") || argument.equals("--output")) {
                return named(i + 1 < arguments.size() ? arguments.get(i + 1) : "");
            }
            if (argument.startsWith("-o") && !argument.startsWith("--")) {
                return named(argument.substring(2).replaceFirst("^=", ""));
            }
            if (argument.startsWith("--output=")) {
                return named(argument.substring("--output=".length()));
            }
        }
        return OutputFormat.table;
    }

    private static OutputFormat named(String name) {
        return Stream.of(OutputFormat.values())
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElse(OutputFormat.table);
    }

    private static String messageOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : oneLine(message);
    }

    /** Libraries' messages have line ends, and sometimes what others wrote. */
    private static String oneLine(String message) {
        return Screen.printable(message.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
