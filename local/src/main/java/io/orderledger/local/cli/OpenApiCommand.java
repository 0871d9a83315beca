package io.orderledger.local.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.instance.LocalRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code order-ledger openapi}: the API's description for one choice of parameters, as plain OpenAPI. */
@Command(
        name = "openapi",
        description = {
            "Prints the API's OpenAPI document, for client generators, tools and people.",
            "sam/api.yaml serves every kind of deployment; this is the document of one, without CloudFormation's functions."
        },
        mixinStandardHelpOptions = true)
final class OpenApiCommand implements Callable<Integer> {

    @Option(
            names = "--sam",
            paramLabel = "DIR",
            description = "The folder with the definitions (default: sam/ of this checkout).")
    private Path sam = Checkout.folder("sam");

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the template, for example ApiAuthorization=AWS_IAM; repeatable.")
    private Map<String, String> parameters = Map.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        String document = JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Stack.openApi(sam, LocalRun.contextForReading(parameters)));
        spec.commandLine().getOut().println(document);
        return OrderLedger.DONE;
    }
}
