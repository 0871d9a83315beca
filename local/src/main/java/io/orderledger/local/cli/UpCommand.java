package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.instance.LocalRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger up}: runs the definitions in {@code sam/} on this machine until it is told to stop. */
@Command(
        name = "up",
        description = {
            "Runs everything on this machine: API, bus, queues, functions and an embedded PostgreSQL.",
            "Runs until it is told to stop. With -o json or ndjson it tells where it is, once, when it is ready."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped in order", "2:could not start"},
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The API's port; 0 takes any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--sam",
            paramLabel = "DIR",
            description = "The folder with the definitions to run (default: sam/ of this checkout).")
    private Path sam = Checkout.folder("sam");

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            defaultValue = "60",
            description = "Delays between retries are AWS's divided by this (default: ${DEFAULT-VALUE}).")
    private int speed;

    @Option(
            names = "--head-interval",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "How often a signed tree head is exported, if there is something new (default: ${DEFAULT-VALUE}).")
    private int headIntervalSeconds;

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description =
                    "A parameter of the template, for example CorsAllowedOrigin=http://localhost:3000; repeatable.")
    private Map<String, String> parameters = Map.of();

    @Mixin
    private Output output = new Output();

    @Mixin
    private ListenOption listen = new ListenOption();

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("--port must be 0 to " + HIGHEST_PORT);
        }
        if (speed < 1) {
            throw new IllegalArgumentException("--speed must be at least 1");
        }
        if (headIntervalSeconds < 1) {
            throw new IllegalArgumentException("--head-interval must be at least 1");
        }
        CountDownLatch stopped = new CountDownLatch(1);
        LocalRun run = LocalRun.start(new LocalRun.Options(
                data.path(), sam, port, speed, Duration.ofSeconds(headIntervalSeconds), parameters, listen.exposure()));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            run.close();
                            stopped.countDown();
                        },
                        "stop"));
        output.tell(ready(run));
        stopped.await();
        return OrderLedger.DONE;
    }

    private static Answer ready(LocalRun run) {
        String api = run.instance().api().toString();
        ObjectNode data = Answer.object()
                .put("api", api)
                .put("services", run.instance().services().toString())
                .put("pid", run.instance().pid());
        return Answer.done(data, screen -> {
            run.describe().forEach(line -> screen.line("%s", line));
            screen.line("ready %s", api);
        });
    }
}
