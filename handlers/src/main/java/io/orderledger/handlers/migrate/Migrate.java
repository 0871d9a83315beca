package io.orderledger.handlers.migrate;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.DirectConnections;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates the database when CloudFormation creates or updates the stack's custom resource. A deletion changes nothing and succeeds:
 * what was recorded stays.
 *
 * <p>Whatever happens, CloudFormation is answered as long as the request says where, and also shortly before Lambda would end the
 * function; without an answer a deployment hangs for an hour. A failure is thrown as well, so that it shows in metrics and logs.
 *
 * <p>Connects to the cluster's writer, as a user with CREATEROLE.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html">Custom resources</a>
 */
public final class Migrate implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Migrate.class);

    /** What an answer may take, all its attempts included. */
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(20);

    private final Map<String, String> environment;

    /** What Lambda calls. */
    public Migrate() {
        this(System.getenv());
    }

    /**
     * Looks at nothing yet: what is wrong with the environment is answered to CloudFormation too.
     *
     * @param environment how to reach the database's writer: PGHOST and its kin
     */
    public Migrate(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Does what CloudFormation asks and answers it.
     *
     * @throws RuntimeException if the migration failed, or the request is none, or CloudFormation could not be told
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        ResourceRequest request = ResourceRequest.read(event.readAllBytes());
        Reply reply = new Reply(request);
        try (ScheduledThreadPoolExecutor guard = new ScheduledThreadPoolExecutor(1, Migrate::daemon)) {
            // Closing it then drops the guard's answer unless that is being given, and waits for it if so.
            guard.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            Future<?> timeout = guard.schedule(
                    () -> giveUp(request, reply),
                    RemainingTime.of(context).leftAfter(TIME_TO_ANSWER).toMillis(),
                    TimeUnit.MILLISECONDS);
            fulfil(request, reply, context);
            timeout.cancel(false);
        }
    }

    private void fulfil(ResourceRequest request, Reply reply, Context context) {
        try {
            if (!reply.success(outcome(request))) {
                throw new IllegalStateException("CloudFormation was told before that time ran out: " + request);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", request, e);
            reply.failure(e.getClass().getSimpleName() + ": " + e.getMessage() + " (log stream "
                    + context.getLogStreamName() + ")");
            throw e;
        }
    }

    private static void giveUp(ResourceRequest request, Reply reply) {
        try {
            if (reply.failure("The migration takes longer than the function may run")) {
                LOG.error("{} takes longer than the function may run", request);
            }
        } catch (RuntimeException e) {
            LOG.error("{} takes longer than the function may run, and CloudFormation could not be told", request, e);
        }
    }

    private ObjectNode outcome(ResourceRequest request) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        return switch (request.type()) {
            case CREATE, UPDATE -> {
                Migrations.Applied applied = Migrations.migrate(DirectConnections.from(environment));
                LOG.info("Applied {} migrations: schema {}, was {}", applied.count(), applied.to(), applied.from());
                yield data.put("schemaVersion", applied.to());
            }
            case DELETE -> data;
        };
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "migration-timeout");
        thread.setDaemon(true);
        return thread;
    }
}
