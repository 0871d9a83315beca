package io.orderledger.local.cli;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose parked messages a command is about: those of a running instance, of a stack, or of any database. */
final class ParkedPlace {
    static final String FUNCTION = "ParkedMessagesFunction";
    private static final String HANDLER = "io.orderledger.handlers.parked.ManageParked";
    private static final String SCHEME = "postgresql";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Mixin
    private PlaceOption place = new PlaceOption();

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = {
                "Any other ledger: postgresql://USER:PASSWORD@HOST:PORT/NAME, as ledger_replayer.",
                "The password may be given in the environment, as PGPASSWORD. Add ?sslmode=… where the server has no certificate that the JDK trusts."
            })
    private Optional<String> database = Optional.empty();

    FunctionCall open() {
        if (database.isPresent() && place.stack().isPresent()) {
            throw new IllegalArgumentException("--database and --stack exclude each other");
        }
        return database.<FunctionCall>map(
                        url -> new FunctionCall.InProcess(handler(environment(URI.create(url))), TIMEOUT))
                .orElseGet(() -> place.function(FUNCTION));
    }

    /**
     * The function that reads the dead-letter queues.
     *
     * @throws IllegalArgumentException if a database was named: queues belong to an instance or a stack
     */
    FunctionCall queues() {
        if (database.isPresent()) {
            throw new IllegalArgumentException("--queue is of an instance or a --stack, not of a --database");
        }
        return place.function(Replay.FUNCTION);
    }

    /** The same place, for a command that is to follow; without a password. */
    String asOption() {
        return database.map(url -> " --database " + NextCommand.quoted(url)).orElseGet(place::asOption);
    }

    /** As the local run makes its functions: by name, because nothing here knows what is in them. */
    private static RequestStreamHandler handler(Map<String, String> environment) {
        try {
            return Class.forName(HANDLER)
                    .asSubclass(RequestStreamHandler.class)
                    .getConstructor(Map.class)
                    .newInstance(environment);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class path lacks " + HANDLER, e);
        }
    }

    /** Who acts, if nothing else is said: on AWS whoever the credentials belong to, elsewhere the user of this machine. */
    String caller() {
        return place.stack().map(DeployedStack::caller).orElseGet(() -> System.getProperty("user.name", ""));
    }

    static Map<String, String> environment(URI url) {
        if (!SCHEME.equals(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() == null) {
            throw new IllegalArgumentException("--database must be postgresql://USER:PASSWORD@HOST:PORT/NAME");
        }
        String[] user = url.getRawUserInfo().split(":", 2);
        Map<String, String> environment = new HashMap<>();
        environment.put("PGHOST", url.getHost());
        environment.put("PGPORT", Integer.toString(url.getPort() < 0 ? 5432 : url.getPort()));
        environment.put("PGDATABASE", url.getPath().substring(1));
        environment.put("PGUSER", decoded(user[0]));
        environment.put(
                "PGPASSWORD",
                user.length == 2 ? decoded(user[1]) : Objects.requireNonNullElse(System.getenv("PGPASSWORD"), ""));
        if (url.getRawQuery() != null) {
            for (String parameter : url.getRawQuery().split("&", -1)) {
                if (parameter.startsWith("sslmode=")) {
                    environment.put("PGSSLMODE", parameter.substring("sslmode=".length()));
                } else if (parameter.startsWith("sslrootcert=")) {
                    environment.put("PGSSLROOTCERT", decoded(parameter.substring("sslrootcert=".length())));
                } else {
                    throw new IllegalArgumentException("--database knows sslmode and sslrootcert alone");
                }
            }
        }
        return environment;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
