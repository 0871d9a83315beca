package io.orderledger.handlers.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * As much of KMS as signing heads needs, over its own wire protocol, with one Ed25519 key. It refuses every other call, and remembers it.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html">Sign</a>
 */
public final class KeyServer implements AutoCloseable {
    static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";

    private static final String TARGET = "TrentService.";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final KeyPair pair;
    private final List<String> calls = new ArrayList<>();
    private volatile String spec = "ECC_NIST_EDWARDS25519";
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile boolean damaged;

    /** What KMS answers instead. */
    record Refusal(int status, String type) {}

    public KeyServer() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String keyId() {
        return KEY_ID;
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    /** The actions that were called, in order. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public void refuse(int status, String type) {
        refusal = Optional.of(new Refusal(status, type));
    }

    void spec(String other) {
        spec = other;
    }

    /** Gives signatures from now on that do not fit. */
    void damage() {
        damaged = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode answer = JSON.createObjectNode();
            int status = answer(exchange, answer);
            byte[] body = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private int answer(HttpExchange exchange, ObjectNode answer) throws IOException {
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        synchronized (this) {
            calls.add(target.replace(TARGET, ""));
        }
        if (refusal.isPresent()) {
            return error(refusal.get().status(), refusal.get().type(), answer);
        }
        if (!authorization.matches("AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/eu-west-1/kms/aws4_request, .*")) {
            return error(400, "IncompleteSignatureException", answer);
        }
        if (!request.path("KeyId").asText().equals(KEY_ID)) {
            return error(400, "NotFoundException", answer);
        }
        answer.put("KeyId", "arn:aws:kms:eu-west-1:111122223333:key/" + KEY_ID);
        return switch (target) {
            case TARGET + "GetPublicKey" -> {
                answer.put("PublicKey", pair.getPublic().getEncoded())
                        .put("KeySpec", spec)
                        .put("KeyUsage", "SIGN_VERIFY")
                        .putArray("SigningAlgorithms")
                        .add("ED25519_SHA_512")
                        .add("ED25519_PH_SHA_512");
                yield 200;
            }
            case TARGET + "Sign" -> sign(request, answer);
            default -> error(400, "UnknownOperationException", answer);
        };
    }

    private int sign(JsonNode request, ObjectNode answer) throws IOException {
        byte[] message = request.path("Message").binaryValue();
        boolean plain = request.path("SigningAlgorithm").asText().equals("ED25519_SHA_512")
                && request.path("MessageType").asText().equals("RAW");
        boolean known = Set.of("KeyId", "Message", "MessageType", "SigningAlgorithm")
                .containsAll(
                        request.propertyStream().map(field -> field.getKey()).toList());
        if (!plain || !known || message.length == 0 || message.length > 4096) {
            return error(400, "ValidationException", answer);
        }
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(pair.getPrivate());
            ed25519.update(message);
            if (damaged) {
                ed25519.update((byte) '!');
            }
            answer.put("Signature", ed25519.sign()).put("SigningAlgorithm", "ED25519_SHA_512");
            return 200;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int error(int status, String type, ObjectNode answer) {
        answer.removeAll();
        answer.put("__type", type).put("message", "as the test asked for");
        return status;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
