package io.orderledger.local.cli;

import java.util.Arrays;
import java.util.Objects;

/**
 * Which of the process's streams a person sits at. The launcher script tells, because a JVM can tell it of all of them at once or of none;
 * where nobody tells, it is all of them or none.
 */
final class Terminal {
    private static final String PROPERTY = "orderledger.terminal";

    private Terminal() {}

    static boolean isIn() {
        return is("in");
    }

    static boolean isOut() {
        return is("out");
    }

    static boolean isErr() {
        return is("err");
    }

    /** Whether standard output takes colours: a terminal that knows them, and nobody who set NO_COLOR (https://no-color.org). */
    static boolean takesColours() {
        return isOut()
                && Objects.requireNonNullElse(System.getenv("NO_COLOR"), "").isEmpty()
                && !"dumb".equals(System.getenv("TERM"));
    }

    @SuppressWarnings("SystemConsoleNull") // by its documentation it may be, whatever recent JDKs do
    private static boolean is(String stream) {
        String told = System.getProperty(PROPERTY);
        if (told == null) {
            return System.console() != null && System.console().isTerminal();
        }
        return Arrays.asList(told.split(",", -1)).contains(stream);
    }
}
