package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code order-ledger doctor}: what keeps the other commands from working. */
@Command(
        name = "doctor",
        description = {
            "Looks at what the other commands need: JDK, ports, disk, instance, database, the versions of code and schema, and the database's",
            "clock; with --stack at what can be seen of a stack on AWS, by the credentials, Region and AWS_ENDPOINT_URL that the AWS",
            "command line would take. It changes nothing."
        },
        exitCodeList = {"0:nothing is wrong", "1:something is", "2:could not run"})
final class DoctorCommand extends ReportingCommand {
    private static final int VERDICT = 1;
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".order-ledger",
            description = "The folder of the instance (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".order-ledger");

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "Look at this database instead: postgresql://USER:PASSWORD@HOST:PORT/NAME, as ledger_reader.")
    private Optional<String> database = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port that up would take (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--stack", paramLabel = "NAME", description = "Look at a stack on AWS instead.")
    private Optional<String> stack = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", description = "For --stack: another Region.")
    private Optional<String> region = Optional.empty();

    @Override
    Answer answer() {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("--port must be 0 to " + HIGHEST_PORT);
        }
        if (database.isPresent() && stack.isPresent()) {
            throw new IllegalArgumentException("--database and --stack exclude each other");
        }
        if (stack.isEmpty() && region.isPresent()) {
            throw new IllegalArgumentException("--region is for --stack");
        }
        List<Checked> checks = stack.map(name -> new StackDoctor(name, region).look())
                .orElseGet(() -> database.map(url -> new DatabaseDoctor(
                                        RoleConnections.to(url), "check host, port and password of --database")
                                .look())
                        .orElseGet(() -> new InstanceDoctor(data, port).look()));
        ObjectNode told = Answer.object();
        ArrayNode array = told.putArray("checks");
        checks.forEach(check -> array.addObject()
                .put("what", check.what())
                .put("verdict", check.verdict().name())
                .put("found", check.found())
                .put("remedy", check.remedy()));
        Optional<Checked> wrong = checks.stream()
                .filter(check -> check.verdict() == Checked.Verdict.WRONG)
                .findFirst();
        return wrong.map(first -> Answer.wrong(told, screen -> print(checks, screen), next(first)))
                .orElseGet(() -> Answer.done(told, screen -> print(checks, screen)))
                .listing("checks");
    }

    /** The remedy if it is a command; else to look again, once it is applied. */
    private String next(Checked wrong) {
        return wrong.remedy().startsWith(NextCommand.PROGRAM)
                ? wrong.remedy()
                : NextCommand.line(NextCommand.same(spec()));
    }

    private static void print(List<Checked> checks, Screen screen) {
        screen.table(
                List.of("CHECKED", "VERDICT", "FOUND", "REMEDY"),
                checks.stream()
                        .map(check -> List.of(check.what(), check.verdict().name(), check.found(), check.remedy()))
                        .toList(),
                (column, text) -> column != VERDICT
                        ? Screen.Tone.PLAIN
                        : switch (Checked.Verdict.valueOf(text)) {
                            case ok -> Screen.Tone.GOOD;
                            case note -> Screen.Tone.ATTENTION;
                            case WRONG -> Screen.Tone.WRONG;
                        });
    }
}
