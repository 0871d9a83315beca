package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.instance.LocalRun;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code order-ledger openapi}: the API's description for one choice of parameters, as plain OpenAPI. */
@Command(
        name = "openapi",
        description = {
            "Prints the API's OpenAPI document, for client generators, tools and people.",
            "sam/api.yaml serves every kind of deployment; this is the document of one, without CloudFormation's functions."
        })
final class OpenApiCommand extends ReportingCommand {
    private static final JsonMapper JSON = new JsonMapper();

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

    @Override
    Answer answer() {
        ObjectNode document = JSON.valueToTree(Stack.openApi(sam, LocalRun.contextForReading(parameters)));
        return Answer.done(document, screen -> screen.line("%s", document.toPrettyString()));
    }
}
