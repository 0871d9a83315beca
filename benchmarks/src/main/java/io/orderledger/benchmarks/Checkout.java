package io.orderledger.benchmarks;

import java.nio.file.Path;

/**
 * Where things are. The launcher tells by system properties.
 *
 * @param root the checkout
 * @param commit of the code that is measured, as git names it
 */
record Checkout(Path root, String commit) {
    static Checkout fromLauncher() {
        return new Checkout(
                Path.of(System.getProperty("orderledger.root", ".")),
                System.getProperty("orderledger.commit", "unknown"));
    }

    Path samples() {
        return root.resolve("sam/samples/orders.ndjson");
    }

    /** Where the launcher has installed the npm packages. */
    Path peers() {
        return target().resolve("peers");
    }

    Path serverData() {
        return target().resolve("postgres");
    }

    /** Data of the server whose filled ledgers are used by several runs. */
    Path keptServer() {
        return target().resolve("kept");
    }

    /** Where the build puts what is deployed. */
    Path handlers() {
        return root.resolve("handlers/target");
    }

    /** What the benchmark of starts unpacks and trains. */
    Path coldStart() {
        return target().resolve("cold-start");
    }

    /** The data folder of the instance that is under load, and its logs. */
    Path load() {
        return target().resolve("load");
    }

    /** What makes the schema. */
    Path migrations() {
        return root.resolve("db/migrations");
    }

    /** Results that are kept are committed; those of a trial are not. */
    Path results(boolean kept) {
        return kept ? root.resolve("benchmarks/results") : target().resolve("results");
    }

    private Path target() {
        return root.resolve("benchmarks/target");
    }
}
