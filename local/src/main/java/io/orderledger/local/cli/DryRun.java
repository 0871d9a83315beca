package io.orderledger.local.cli;

import picocli.CommandLine.Option;

/** The option {@code --dry-run} of commands that change something. */
final class DryRun {
    @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
    private boolean given;

    boolean isGiven() {
        return given;
    }
}
