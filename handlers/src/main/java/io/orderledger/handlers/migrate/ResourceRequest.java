package io.orderledger.handlers.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What CloudFormation asks of a custom resource. Only the address of the answer has to be there to answer at all, so nothing else is
 * checked until it is known.
 *
 * @param message as CloudFormation sent it
 * @param responseUrl where the answer goes; it is signed, so whoever knows it can answer: never to be logged
 * @param newPhysicalId what the resource is called when the request does not say so
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html">The request's fields</a>
 */
record ResourceRequest(JsonNode message, URI responseUrl, String newPhysicalId) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ECHOED = List.of("StackId", "RequestId", "LogicalResourceId");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    enum Type {
        CREATE,
        UPDATE,
        DELETE
    }

    /**
     * Reads the request as far as an answer needs it.
     *
     * @throws InvalidRequest if there is no address to answer to, so that CloudFormation has to time out
     */
    static ResourceRequest read(byte[] message, String newPhysicalId) {
        try {
            JsonNode tree = JSON.readTree(message);
            URI url = URI.create(tree.path("ResponseURL").asText());
            // Elsewhere than on this machine the answer goes encrypted, or somebody on the way could change it.
            boolean safe = "https".equals(url.getScheme())
                    || ("http".equals(url.getScheme()) && url.getHost() != null && LOOPBACK.contains(url.getHost()));
            if (safe) {
                return new ResourceRequest(tree, url, newPhysicalId);
            }
        } catch (IOException | IllegalArgumentException e) {
            // The same as an address that is missing. The cause is not passed on: it quotes the text, which may be a
            // signed address.
        }
        throw new InvalidRequest("ResponseURL must be an https address");
    }

    /**
     * What is to be done.
     *
     * @throws InvalidRequest if it is nothing that CloudFormation knows
     */
    Type type() {
        return switch (text("RequestType").orElse("")) {
            case "Create" -> Type.CREATE;
            case "Update" -> Type.UPDATE;
            case "Delete" -> Type.DELETE;
            default -> throw new InvalidRequest("RequestType must be Create, Update or Delete");
        };
    }

    /** A property that the template gives the resource. */
    Optional<String> property(String name) {
        return Optional.ofNullable(message.path("ResourceProperties").path(name).textValue());
    }

    /** Stays the same for ever: CloudFormation would take another one for a replacement and delete this one. */
    private String physicalResourceId() {
        return text("PhysicalResourceId").orElse(newPhysicalId);
    }

    /** The answer's fields that CloudFormation knows it by. */
    ObjectNode answer(String status) {
        ObjectNode answer =
                JSON.createObjectNode().put("Status", status).put("PhysicalResourceId", physicalResourceId());
        for (String name : ECHOED) {
            text(name).ifPresent(value -> answer.put(name, value));
        }
        return answer;
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(message.path(name).textValue());
    }

    /** Without the address. */
    @Override
    public String toString() {
        return text("RequestType").orElse("Unknown") + " of "
                + text("LogicalResourceId").orElse("an unnamed resource");
    }
}
