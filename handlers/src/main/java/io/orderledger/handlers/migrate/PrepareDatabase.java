package io.orderledger.handlers.migrate;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.migrations.Preparation;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.database.DirectConnections;
import io.orderledger.handlers.logging.RequestLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the user that {@link Migrate} signs in as, when CloudFormation creates or updates the custom resource of a new cluster. The user's
 * name is the resource's property {@code MigrationUser}. A deletion changes nothing and succeeds.
 *
 * <p>Connects to the cluster's writer as its master user, and is the only function that does.
 */
public final class PrepareDatabase implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PrepareDatabase.class);
    private static final String PHYSICAL_ID = "order-ledger-preparation";
    private static final String MIGRATION_USER = "MigrationUser";
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final Map<String, String> environment;

    /** What Lambda calls. */
    public PrepareDatabase() {
        this(System.getenv());
    }

    /**
     * Looks at nothing yet: what is wrong with the environment is answered to CloudFormation too.
     *
     * @param environment how to reach the database's writer: PGHOST and its kin
     */
    public PrepareDatabase(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Does what CloudFormation asks and answers it.
     *
     * @throws RuntimeException if the user could not be made, or the request is none, or CloudFormation could not be told
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
                String user = request.property(MIGRATION_USER)
                        .filter(name -> USER.matcher(name).matches())
                        .orElseThrow(() -> new InvalidRequest(MIGRATION_USER + " must be a lower-case name"));
                Preparation.prepare(DirectConnections.from(environment), user);
                LOG.info("The user {} can migrate the database", user);
                yield data;
            }
            case DELETE -> data;
        };
    }
}
