package io.orderledger.local.cli;

import java.nio.file.Path;

/** Where this product's files are; the launcher script says so. */
final class Checkout {
    private Checkout() {}

    static Path folder(String name) {
        return Path.of(System.getProperty("orderledger.root", ".")).resolve(name);
    }
}
