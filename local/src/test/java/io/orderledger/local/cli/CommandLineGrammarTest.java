package io.orderledger.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.orderledger.local.cli.CommandLineCalls.Result;
import io.orderledger.local.cli.CompletionCommand.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What all commands have in common, and what is told of lines that are no commands. */
class CommandLineGrammarTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void every_command_has_the_formats_help_and_its_exit_codes() {
        for (CommandSpec command : commands()) {
            String name = command.qualifiedName();
            assertThat(command.findOption("--help")).as(name).isNotNull();
            assertThat(command.usageMessage().description()).as(name).isNotEmpty();
            if (command.subcommands().isEmpty()) {
                assertThat(command.findOption("--output")).as(name).isNotNull();
                assertThat(command.usageMessage().exitCodeList()).as(name).containsKeys("0", "2");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replya                    | unknown verb replya; the nearest is replay; next: ./order-ledger replay --help",
                "oders                     | unknown verb oders; the nearest is orders; next: ./order-ledger orders --help",
                "xyzzyxyzzy                | unknown verb xyzzyxyzzy; next: ./order-ledger --help",
                "dead-letters lst          | unknown verb lst; the nearest is list; next: ./order-ledger dead-letters list --help",
                "orders --custmer lee      | unknown option --custmer; the nearest is --customer; next: ./order-ledger orders --help",
                "orders --custmer=lee      | unknown option --custmer; the nearest is --customer; next: ./order-ledger orders --help",
                "database                  | a verb is missing: stop, start; next: ./order-ledger database --help",
                "erase                     | Missing required option: '--customer=ID'; next: ./order-ledger erase --help",
                "orders --limit many       | Invalid value for option '--limit': 'many' is not an int; next: ./order-ledger orders --help",
                "check x --key y z         | unknown argument z; next: ./order-ledger check --help",
            })
    void an_error_names_the_nearest_and_the_next_command(String line, String message) {
        Result result = CommandLineCalls.run(line.strip().split(" +"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip()).isEqualTo("order-ledger: " + message);
    }

    @Test
    void a_missing_verb_is_an_error_that_names_all_verbs() {
        Result result = CommandLineCalls.run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("order-ledger: a verb is missing: up, demo, orders");
    }

    @Test
    void a_failure_has_the_envelope_of_its_schema_in_both_json_formats(@TempDir Path nowhere) throws Exception {
        for (String[] arguments : new String[][] {
            {"orders", "--data", nowhere.toString(), "-o", "json"},
            {"orders", "--data", nowhere.toString(), "--output=ndjson"},
            {"orders", "--custmer", "lee", "-ojson"},
            {"check", nowhere.resolve("none").toString(), "--key", "x", "-o", "json"}
        }) {
            Result result = CommandLineCalls.run(arguments);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).isEmpty();
            JsonNode envelope = JSON.readTree(result.out());
            assertThat(problems(result.out())).isEmpty();
            assertThat(envelope.path("status").asText()).isEqualTo("could-not-run");
            assertThat(envelope.path("next").asText()).startsWith("./order-ledger ");
        }
    }

    @Test
    void a_success_has_the_envelope_of_its_schema() throws Exception {
        Result result = CommandLineCalls.run("completion", "fish", "-o", "json");

        assertThat(result.exitCode()).isZero();
        assertThat(problems(result.out())).isEmpty();
        JsonNode envelope = JSON.readTree(result.out());
        assertThat(envelope.path("command").asText()).isEqualTo("completion");
        assertThat(envelope.path("status").asText()).isEqualTo("done");
        assertThat(problems("{\"command\":\"x\",\"status\":\"could-not-run\",\"exitCode\":2}"))
                .isNotEmpty();
    }

    @Test
    void the_page_about_the_command_line_is_current() throws Exception {
        String page = new CommandLinePage(OrderLedger.commandLine()).text();
        Path file = DOCS.resolve("command-line.md");
        if (Boolean.getBoolean("command-line.write")) {
            Files.writeString(file, page);
        }

        assertThat(Files.readString(file))
                .as("docs/command-line.md; written by -Dtest=CommandLineGrammarTest -Dcommand-line.write=true")
                .isEqualTo(page);
    }

    @Test
    void each_shell_gets_every_verb_and_option() {
        for (Shell shell : Shell.values()) {
            String script = CompletionCommand.script(shell, OrderLedger.commandLine());
            for (CommandSpec command : commands()) {
                if (command.parent() != null) {
                    assertThat(script).as(shell.name()).contains(command.name());
                }
                command.options()
                        .forEach(option -> assertThat(script)
                                .as(shell + " " + command.qualifiedName())
                                .contains(option.longestName().replaceFirst("^--", "")));
            }
        }
    }

    @Test
    void text_of_others_is_made_fit_for_a_terminal() {
        assertThat(Screen.printable("a\u001b[31mb\u202ec\u0007")).isEqualTo("a?[31mb?c?");
        assertThat(Screen.printable("Siobhán Ní Dhomhnaill 名")).isEqualTo("Siobhán Ní Dhomhnaill 名");
    }

    @Test
    void the_next_command_is_quoted_for_a_shell_and_has_no_password() {
        assertThat(NextCommand.quoted("it's")).isEqualTo("'it'\\''s'");
        assertThat(NextCommand.quoted("postgresql://reader:secret@host:5432/orders"))
                .isEqualTo("postgresql://reader@host:5432/orders");
    }

    private static List<CommandSpec> commands() {
        List<CommandSpec> commands = new ArrayList<>();
        add(OrderLedger.commandLine(), commands);
        return commands;
    }

    private static void add(CommandLine command, List<CommandSpec> commands) {
        commands.add(command.getCommandSpec());
        command.getSubcommands().values().forEach(inner -> add(inner, commands));
    }

    private static List<?> problems(String envelope) throws Exception {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(DOCS.resolve("command-line.schema.json")));
        return schema.validate(envelope, com.networknt.schema.InputFormat.JSON);
    }
}
