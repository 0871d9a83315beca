package io.orderledger.local.definitions;

/**
 * A definition cannot be run as it stands. The start ends with it; the remedy is to change the named line, or to run the
 * definitions on AWS if it is valid there.
 */
public final class DefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final String reason;

    public DefinitionException(String file, int line, String reason) {
        super(file + ":" + line + ": " + reason);
        this.file = file;
        this.line = line;
        this.reason = reason;
    }

    public DefinitionException(Location location, String reason) {
        this(location.file(), location.line(), reason);
    }

    /** The same refusal, with what was found underneath it. */
    DefinitionException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
