package io.orderledger.local.cli;

import io.orderledger.local.instance.Instance;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which instance a command is about. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".order-ledger",
            description = "The folder that holds the instance's data (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".order-ledger");

    Path path() {
        return data;
    }

    /** The same folder, for a command that is to follow. */
    String asOption() {
        return data.equals(Path.of(".order-ledger")) ? "" : " --data " + NextCommand.quoted(data.toString());
    }

    Instance instance() {
        return Instance.on(data);
    }
}
