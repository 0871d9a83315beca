package io.orderledger.handlers.logging;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.MDCAdapter;

/**
 * Writes {@code {"timestamp","level","requestId","message","logger",…}}, with the names under which Lambda writes its own lines, and the
 * pairs that were given with the line.
 *
 * <p>Thread-safe: a line is written at once.
 */
final class JsonLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private final transient Level least;
    private final transient MDCAdapter context;
    private final transient PrintStream log;
    private final transient InstantSource clock;

    JsonLogger(String name, Level least, MDCAdapter context, PrintStream log, InstantSource clock) {
        this.name = name;
        this.least = least;
        this.context = context;
        this.log = log;
        this.clock = clock;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        write(level, message, arguments, List.of(), failure);
    }

    @Override
    public void log(LoggingEvent event) {
        List<KeyValuePair> pairs = Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of());
        write(event.getLevel(), event.getMessage(), event.getArgumentArray(), pairs, event.getThrowable());
    }

    private void write(
            Level level,
            String message,
            Object @Nullable [] arguments,
            List<KeyValuePair> pairs,
            @Nullable Throwable failure) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("timestamp", Instant.ofEpochMilli(clock.millis()).toString())
                .put("level", level.name());
        Optional.ofNullable(context.getCopyOfContextMap()).orElse(Map.of()).forEach(line::put);
        line.put("message", MessageFormatter.basicArrayFormat(message, arguments))
                .put("logger", name);
        for (KeyValuePair pair : pairs) {
            line.put(pair.key, String.valueOf(pair.value));
        }
        if (failure != null) {
            StringWriter stack = new StringWriter();
            failure.printStackTrace(new PrintWriter(stack, true));
            line.put("error", failure.getClass().getName()).put("stack", stack.toString());
        }
        log.println(line);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= least.toInt();
    }
}
