package io.orderledger.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Checks the proof of one event with nothing but the JDK and a JSON parser, so that whoever does not trust this project's other classes
 * reads this one alone. The event's fields give its leaf (RFC 6962), leaf and path a root (RFC 9162, section 2.1.3.2), and that root is
 * in a tree head that the key has signed (C2SP tlog-checkpoint).
 */
public final class ProofCheck {
    public static final String FORMAT = "order-ledger proof 1";

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final HexFormat HEX = HexFormat.of();
    private static final String NO_DIGEST = "00".repeat(32);
    private static final String X509_ED25519 = "302a300506032b6570032100";

    private ProofCheck() {}

    /** The event was in the ledger of this origin when its tree had this size. */
    public record Proven(UUID eventId, String origin, long treeSize) {}

    /** The proof proves nothing; the message says at which step it fails. */
    public static final class NotProven extends Exception {
        private static final long serialVersionUID = 1L;

        NotProven(String step) {
            super(step);
        }
    }

    /**
     * Checks what {@code prove} wrote, against a verifier key {@code name+hash+base64} from somebody other than the proof's giver.
     *
     * @throws NotProven if it does not hold
     */
    public static Proven check(String proof, String key) throws NotProven {
        try {
            JsonNode json = new JsonMapper().readTree(proof);
            if (!json.path("format").asText().equals(FORMAT)) {
                throw new NotProven("it is no \"" + FORMAT + "\"");
            }
            String[] head = openHead(json.path("head").asText(), key.strip());
            long size = Long.parseLong(head[1]);
            JsonNode event = json.path("event");
            byte[] leaf = leaf(event, json.path("previousDigest"));
            byte[] root = root(leaf, json.path("leafIndex").asLong(-1), size, json.path("path"));
            if (!Arrays.equals(root, Base64.getDecoder().decode(head[2]))) {
                throw new NotProven("event, index and path do not lead to the signed root");
            }
            return new Proven(UUID.fromString(event.path("eventId").asText()), head[0], size);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | DateTimeException e) {
            throw new NotProven("it is malformed");
        }
    }

    /** The lines of a head that the key has signed: origin, size, root. */
    private static String[] openHead(String note, String key) throws NotProven, GeneralSecurityException {
        String[] keyParts = key.split("\\+", 3);
        int end = note.indexOf("\n\n");
        String[] lines = note.substring(0, Math.max(0, end)).split("\n", -1);
        if (keyParts.length != 3 || lines.length < 3 || !lines[0].equals(keyParts[0])) {
            throw new NotProven("the tree head's origin is not the key's name");
        }
        String rawKey = HEX.formatHex(Base64.getDecoder().decode(keyParts[2])).substring(2);
        Signature ed25519 = Signature.getInstance("Ed25519");
        for (String line : note.substring(end + 2).lines().toList()) {
            String[] signature = line.split(" ", -1);
            if (signature.length == 3 && signature[0].equals("—") && signature[1].equals(keyParts[0])) {
                byte[] identified = Base64.getDecoder().decode(signature[2]);
                ed25519.initVerify(KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(HEX.parseHex(X509_ED25519 + rawKey))));
                ed25519.update(utf8(note.substring(0, end + 1)));
                if (ed25519.verify(identified, 4, identified.length - 4)) {
                    return lines;
                }
            }
        }
        throw new NotProven("the tree head is not signed by the key");
    }

    private static byte[] leaf(JsonNode event, JsonNode previousDigest) throws GeneralSecurityException {
        ByteBuffer fixed = ByteBuffer.allocate(62)
                .putLong(event.path("position").asLong())
                .put(HEX.parseHex(event.path("eventId").asText().replace("-", "")))
                .put(HEX.parseHex(event.path("orderId").asText().replace("-", "")))
                .putInt(event.path("version").asInt())
                .putShort((short) event.path("schemaVersion").asInt());
        for (String time : new String[] {"occurredAt", "recordedAt"}) {
            fixed.putLong(ChronoUnit.MICROS.between(
                    POSTGRES_EPOCH, Instant.parse(event.path(time).asText())));
        }
        return sha256(
                new byte[] {0},
                utf8("order-ledger event 1"),
                fixed.array(),
                sha256(utf8(event.path("type").asText())),
                sha256(utf8(event.path("payload").asText())),
                sha256(utf8(event.path("metadata").asText())),
                HEX.parseHex(event.path("personalDigest").asText(NO_DIGEST)),
                HEX.parseHex(previousDigest.asText(NO_DIGEST)));
    }

    private static byte[] root(byte[] leaf, long index, long size, JsonNode path) throws GeneralSecurityException {
        long node = index;
        long last = size - 1;
        byte[] root = leaf;
        for (JsonNode step : path) {
            if (last == 0) {
                return new byte[0];
            }
            byte[] sibling = HEX.parseHex(step.asText());
            boolean isRight = node % 2 == 1 || node == last;
            root = isRight ? sha256(new byte[] {1}, sibling, root) : sha256(new byte[] {1}, root, sibling);
            int skipped = isRight && node != 0 ? Long.numberOfTrailingZeros(node) : 0;
            node >>= skipped + 1;
            last >>= skipped + 1;
        }
        return index >= 0 && index < size && last == 0 ? root : new byte[0];
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Arrays.stream(parts).forEach(sha256::update);
        return sha256.digest();
    }
}
