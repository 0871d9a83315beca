package io.orderledger.local.instance;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.orderledger.local.access.AccessFilter;
import io.orderledger.local.access.AccessRules;
import io.orderledger.local.database.LocalDatabase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What other commands ask of a running instance, on the loopback address and only for callers who know the token in the data folder:
 * stop and start the database, and say how to connect to it.
 */
final class ControlEndpoint implements AutoCloseable {
    private final LocalDatabase database;
    private final byte[] expectedAuthorization;
    private final WebServer server;

    ControlEndpoint(LocalDatabase database, String token) {
        this.database = database;
        this.expectedAuthorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.server = WebServer.builder()
                .host(LocalDatabase.HOST)
                .port(0)
                .shutdownHook(false)
                .routing(this::route)
                .build()
                .start();
    }

    URI uri() {
        return URI.create("http://" + LocalDatabase.HOST + ":" + server.port());
    }

    private void route(HttpRouting.Builder rules) {
        rules.addFilter(new AccessFilter(AccessRules.programs()))
                .post("/database/stop", guarded((request, response) -> {
                    database.stop();
                    response.send("stopped");
                }))
                .post("/database/start", guarded((request, response) -> {
                    database.start();
                    response.send("started");
                }))
                .get("/database/schema", guarded((request, response) -> response.send(database.schemaVersion())))
                .get("/database/url/{role}", guarded(this::sendUrl));
    }

    private void sendUrl(ServerRequest request, ServerResponse response) {
        String role = request.path().pathParameters().get("role");
        if (LocalDatabase.ROLES.contains(role)) {
            response.send(database.url(role));
        } else {
            response.status(Status.NOT_FOUND_404)
                    .send("there is no role " + role + "; the roles are " + String.join(", ", LocalDatabase.ROLES));
        }
    }

    private Handler guarded(Handler handler) {
        return (request, response) -> {
            String authorization =
                    request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
            if (MessageDigest.isEqual(authorization.getBytes(StandardCharsets.UTF_8), expectedAuthorization)) {
                handler.handle(request, response);
            } else {
                response.status(Status.UNAUTHORIZED_401).send("the token in the data folder's instance.json is needed");
            }
        };
    }

    @Override
    public void close() {
        server.stop();
    }
}
