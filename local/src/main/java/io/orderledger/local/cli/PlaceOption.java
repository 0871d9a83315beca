package io.orderledger.local.cli;

import io.orderledger.local.instance.Instance;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose functions a command asks: those of a running instance, or of a stack on AWS. */
final class PlaceOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".order-ledger",
            description = "The folder of a running instance (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".order-ledger");

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = {
                "A stack on AWS in place of an instance, by the credentials, Region and AWS_ENDPOINT_URL that the AWS command line would take.",
                "Needs cloudformation:DescribeStacks, and lambda:InvokeFunction on the function."
            })
    private Optional<String> stack = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", description = "For --stack: another Region.")
    private Optional<String> region = Optional.empty();

    /** The same place, for a command that is to follow. */
    String asOption() {
        if (stack.isPresent()) {
            return " --stack " + NextCommand.quoted(stack.get())
                    + region.map(name -> " --region " + NextCommand.quoted(name))
                            .orElse("");
        }
        return data.equals(Path.of(".order-ledger")) ? "" : " --data " + NextCommand.quoted(data.toString());
    }

    Optional<DeployedStack> stack() {
        if (stack.isEmpty() && region.isPresent()) {
            throw new IllegalArgumentException("--region is for --stack");
        }
        return stack.map(name -> new DeployedStack(name, region));
    }

    /**
     * The function that does the work.
     *
     * @param logicalId in the template; the stack's output is called so too, with {@code Name} behind it
     */
    FunctionCall function(String logicalId) {
        return stack().map(deployed -> deployed.function(deployed.outputs(), logicalId + "Name"))
                .orElseGet(() -> LocalFunctions.function(Instance.on(data), logicalId));
    }
}
