package io.orderledger.local.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a running instance for what only it can do. Thread-safe. */
public final class Control {
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int OK = 200;

    private final Instance instance;

    public Control(Instance instance) {
        this.instance = instance;
    }

    /**
     * Takes the instance's database away.
     *
     * @throws Refused if the instance says no
     */
    public void stopDatabase() {
        send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), "/database/stop");
    }

    /**
     * Brings the instance's database back.
     *
     * @throws Refused if the instance says no
     */
    public void startDatabase() {
        send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), "/database/start");
    }

    /**
     * The version of the database's schema: the number of the newest migration that was applied.
     *
     * @throws Refused if the database is away
     */
    public int schemaVersion() {
        return Integer.parseInt(send(HttpRequest.newBuilder().GET(), "/database/schema"));
    }

    /**
     * The {@code postgresql://} URL by which a role connects, with its password.
     *
     * @throws Refused if there is no such role; the message lists the roles
     */
    public String databaseUrl(String role) {
        return send(HttpRequest.newBuilder().GET(), "/database/url/" + role);
    }

    private String send(HttpRequest.Builder request, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    request.uri(instance.control().resolve(path))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + instance.token())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new Refused(response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException("The running instance does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted while waiting for the running instance");
        }
    }

    /** The instance could not do what it was asked; the message says why. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
