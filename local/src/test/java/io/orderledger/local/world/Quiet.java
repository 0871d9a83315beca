package io.orderledger.local.world;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Keeps what hundreds of functions log about the faults that are injected into them out of the build's output. */
final class Quiet implements AutoCloseable {
    private static final String LOUD = "orderledger.world.loud";

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    private Quiet() {
        if (!Boolean.getBoolean(LOUD)) {
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            System.setOut(nowhere);
            System.setErr(nowhere);
        }
    }

    static Quiet begin() {
        return new Quiet();
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }
}
