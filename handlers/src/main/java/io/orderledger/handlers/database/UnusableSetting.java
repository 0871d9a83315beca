package io.orderledger.handlers.database;

/** The function's environment does not say how to reach the database. The remedy is in the template, not in the request. */
public final class UnusableSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableSetting(String variable, String rule) {
        super("Environment variable " + variable + " " + rule);
    }
}
