package io.orderledger.local.cli;

import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.DataFolder;
import io.orderledger.local.instance.Instance;
import io.orderledger.local.instance.LocalRun;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import software.amazon.awssdk.core.exception.SdkException;

/** What to run after a failure: each one has a command that helps on. */
final class NextCommand {
    /** The program as people call it in a checkout. */
    static final String PROGRAM = "./order-ledger ";

    private NextCommand() {}

    /** The whole line to run after a command failed in this way. */
    static String after(Throwable failure, CommandSpec command) {
        return switch (failure) {
            case CannotRun known -> line(known.next());
            case Instance.NotRunning nowhere -> line("up --data " + quoted(nowhere.data()));
            case DataFolder.InUse taken -> line("status --data " + quoted(taken.path()));
            case LocalRun.PortInUse _ -> line("up --port 0");
            case IllegalArgumentException _ -> help(command);
            case Control.Refused _ -> help(command);
            case SdkException _ -> line("doctor" + option(command, "--stack") + option(command, "--region"));
            case LedgerUnavailable _ -> line("doctor" + option(command, "--data"));
            case PoolInitializationException _ -> line("doctor" + option(command, "--data"));
            case SQLException _ -> line("doctor" + option(command, "--data"));
            default -> line("doctor" + option(command, "--data"));
        };
    }

    static String help(CommandSpec command) {
        return "./" + command.qualifiedName() + " --help";
    }

    /** The line that was given, with something more. */
    static String sameWith(CommandSpec command, String more) {
        List<String> given = Optional.ofNullable(command.root().commandLine().getParseResult())
                .map(ParseResult::originalArgs)
                .orElse(List.of());
        return Stream.concat(given.stream(), Stream.of(more))
                .filter(argument -> !argument.isEmpty())
                .map(NextCommand::quoted)
                .collect(Collectors.joining(" "));
    }

    /** The line that was given. */
    static String same(CommandSpec command) {
        return sameWith(command, "");
    }

    static String line(String arguments) {
        return arguments.startsWith("./") ? arguments : PROGRAM + arguments;
    }

    /** As a shell takes it, and without the password of a URL. */
    static String quoted(String argument) {
        String harmless = argument.replaceFirst("(postgresql://[^:/@]+):[^@]*@", "$1@");
        return harmless.matches("[A-Za-z0-9_./:@=?&,+-]*") && !harmless.contains("&") && !harmless.contains("?")
                ? harmless
                : "'" + harmless.replace("'", "'\\''") + "'";
    }

    /** An option as it was given, or nothing. */
    private static String option(CommandSpec command, String name) {
        ParseResult parsed = command.commandLine().getParseResult();
        if (parsed == null || !parsed.hasMatchedOption(name)) {
            return "";
        }
        return " " + name + " "
                + quoted(String.valueOf(
                        parsed.matchedOption(name).originalStringValues().getFirst()));
    }
}
