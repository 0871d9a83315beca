package io.orderledger.local.cli;

import io.orderledger.local.access.Exposure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the API listens, and what it demands of who calls. */
final class ListenOption {
    @Option(
            names = "--listen",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "The address or name of this machine that the API listens on; 0.0.0.0 for all. Where it is not the"
                            + " loopback address, every request must bring a token (default: ${DEFAULT-VALUE}).")
    private String host = Exposure.LOOPBACK.host();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The file with the token to demand, on one line. Where a token is needed and no file is given, one is"
                            + " drawn into access-token in the data folder.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--host-name",
            paramLabel = "NAME",
            description =
                    "A name by which clients call this machine; repeatable. Requests for other names are refused.")
    private Set<String> names = Set.of();

    Exposure exposure() {
        return new Exposure(host, Optional.ofNullable(tokenFile), names);
    }
}
