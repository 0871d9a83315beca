package io.orderledger.local.cli;

/** A command cannot do what it is for; the remedy is the command to run next. */
final class CannotRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String next;

    /**
     * What stands in the way.
     *
     * @param next the command line that helps on, without the program's name
     */
    CannotRun(String message, String next) {
        super(message);
        this.next = next;
    }

    CannotRun(String message, String next, Throwable cause) {
        super(message, cause);
        this.next = next;
    }

    String next() {
        return next;
    }
}
