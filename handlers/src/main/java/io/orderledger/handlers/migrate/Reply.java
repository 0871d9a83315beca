package io.orderledger.handlers.migrate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one answer to one request. The first that is given counts; later ones are dropped, since CloudFormation has moved on.
 *
 * <p>Thread-safe.
 */
final class Reply {
    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

    private static final int MAX_ATTEMPTS = 3;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    /** CloudFormation takes answers of up to 4,096 bytes; this leaves room for the IDs. */
    private static final int MAX_REASON_CHARACTERS = 1_000;

    private final ResourceRequest request;
    private final AtomicBoolean given = new AtomicBoolean();

    Reply(ResourceRequest request) {
        this.request = request;
    }

    /**
     * The request is fulfilled.
     *
     * @return false if another answer was given before
     * @throws ReplyFailed if CloudFormation could not be told
     */
    boolean success(ObjectNode data) {
        ObjectNode answer = request.answer("SUCCESS");
        answer.set("Data", data);
        return give(answer);
    }

    /**
     * The request is not fulfilled.
     *
     * @return false if another answer was given before
     * @throws ReplyFailed if CloudFormation could not be told
     */
    boolean failure(String reason) {
        String shown = reason.length() <= MAX_REASON_CHARACTERS ? reason : reason.substring(0, MAX_REASON_CHARACTERS);
        return give(request.answer("FAILED").put("Reason", shown));
    }

    private boolean give(ObjectNode answer) {
        if (!given.compareAndSet(false, true)) {
            return false;
        }
        // The address is signed for an empty content type; the client sends none by itself.
        HttpRequest put = HttpRequest.newBuilder(request.responseUrl())
                .timeout(REQUEST_TIMEOUT)
                .PUT(BodyPublishers.ofString(answer.toString()))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            Duration pause = FIRST_PAUSE;
            for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
                if (isTaken(client, put)) {
                    return true;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2);
            }
            if (isTaken(client, put)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ReplyFailed(request.toString());
    }

    private static boolean isTaken(HttpClient client, HttpRequest put) throws InterruptedException {
        try {
            HttpResponse<Void> response = client.send(put, BodyHandlers.discarding());
            if (response.statusCode() / 100 == 2) {
                return true;
            }
            LOG.warn("CloudFormation's address refused the answer with status {}", response.statusCode());
        } catch (IOException e) {
            // By its class alone: the message may quote the signed address.
            LOG.warn(
                    "CloudFormation's address could not be reached: {}",
                    e.getClass().getName());
        }
        return false;
    }

    /** CloudFormation was not told what happened; it gives up by itself when its own time is over. */
    static final class ReplyFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReplyFailed(String request) {
            super("CloudFormation could not be told the outcome: " + request);
        }
    }
}
