package io.orderledger.handlers.logging;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J's way to {@link JsonLogger}.
 *
 * <p>A binding of one's own, of a hundred lines, since a function's cold start pays for every class: the common ones bring configuration
 * files, and levels that change while it runs, which no function needs.
 */
public final class JsonLogging implements SLF4JServiceProvider, ILoggerFactory {
    private static final String API_VERSION = "2.0.99";

    private static final Level DEFAULT_LEVEL = Level.INFO;
    private static final Map<String, Level> LEVELS = Map.of(
            "org.jooq",
            Level.WARN,
            // jOOQ names only the newest PostgreSQL as supported; our tests show that the one in use works.
            "org.jooq.impl.DefaultExecuteContext.logVersionSupport",
            Level.ERROR);

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new BasicMDCAdapter();
    private final PrintStream log;
    private final InstantSource clock;

    /** What SLF4J makes: it writes to standard output, which Lambda takes for the function's log. */
    public JsonLogging() {
        this(System.out, InstantSource.system());
    }

    JsonLogging(PrintStream log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, any -> new JsonLogger(any, level(any), context, log, clock));
    }

    /** That of the longest name that the logger's begins with. */
    private static Level level(String logger) {
        String name = logger;
        while (!LEVELS.containsKey(name)) {
            int dot = name.lastIndexOf('.');
            if (dot < 0) {
                return DEFAULT_LEVEL;
            }
            name = name.substring(0, dot);
        }
        return LEVELS.getOrDefault(name, DEFAULT_LEVEL);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return API_VERSION;
    }

    @Override
    public void initialize() {
        // Everything is there.
    }
}
