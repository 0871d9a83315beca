package io.orderledger.benchmarks.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.workload.OrderEvent.Content;
import io.orderledger.ledger.EventTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sample requests of sam/, split as the functions split them: what stays for ever, and what can be erased.
 *
 * @param placements contents of placings
 * @param cancellations contents of cancellations
 */
public record Samples(List<Content> placements, List<Content> cancellations) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> PERSONAL_OF_CUSTOMER = List.of("name", "phone", "email");
    private static final List<String> PERSONAL_OF_ORDER = List.of("deliveryAddress", "notes");
    private static final String PRINCIPAL = "arn:aws:iam::123456789012:user/till-7";
    private static final String REQUEST_ID = "JJbxmplHYosFVYQ=";

    /** Reads a file with one request a line. */
    public static Samples in(Path file) {
        List<Content> placements = new ArrayList<>();
        List<Content> cancellations = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode request = JSON.readTree(line);
                ObjectNode body = (ObjectNode) request.required("body");
                if (request.required("method").asText().equals("POST")) {
                    placements.add(placement(body));
                } else {
                    cancellations.add(cancellation(body));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The samples cannot be read", e);
        }
        return new Samples(List.copyOf(placements), List.copyOf(cancellations));
    }

    private static Content placement(ObjectNode body) {
        ObjectNode personal = JSON.createObjectNode().put("principal", PRINCIPAL);
        ObjectNode customer = (ObjectNode) body.required("customer");
        ObjectNode erasable = JSON.createObjectNode();
        move(customer, PERSONAL_OF_CUSTOMER, erasable);
        if (!erasable.isEmpty()) {
            personal.set("customer", erasable);
        }
        move(body, PERSONAL_OF_ORDER, personal);
        return content(EventTypes.ORDER_PLACED, body, personal, "POST /orders");
    }

    private static Content cancellation(ObjectNode body) {
        ObjectNode personal = JSON.createObjectNode().put("principal", PRINCIPAL);
        move(body, List.of("reason"), personal);
        return content(EventTypes.ORDER_CANCELLED, body, personal, "PUT /orders/{orderId}/cancellation");
    }

    private static void move(ObjectNode from, List<String> names, ObjectNode to) {
        for (String name : names) {
            JsonNode value = from.remove(name);
            if (value != null) {
                to.set(name, value);
            }
        }
    }

    private static Content content(String type, ObjectNode payload, ObjectNode personal, String path) {
        ObjectNode metadata =
                JSON.createObjectNode().put("requestId", REQUEST_ID).put("path", path);
        return new Content(type, payload, Optional.of(personal), metadata, payload.toString(), metadata.toString());
    }
}
