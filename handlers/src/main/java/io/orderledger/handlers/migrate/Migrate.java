package io.orderledger.handlers.migrate;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.handlers.database.DirectConnections;
import io.orderledger.handlers.logging.RequestLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates the database when CloudFormation creates or updates the stack's custom resource. A deletion changes nothing and succeeds:
 * what was recorded stays.
 *
 * <p>Connects to the cluster's writer, as a user with CREATEROLE.
 */
public final class Migrate implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Migrate.class);
    private static final String PHYSICAL_ID = "order-ledger-schema";

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
        RequestLog.begin(context);
        new CustomResource(PHYSICAL_ID, this::outcome).handle(event, context);
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
}
