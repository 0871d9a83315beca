package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what a function answered to a proxy integration; API Gateway is strict about its form. */
final class ProxyAnswer {

    private static final Set<String> FIELDS =
            Set.of("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded");

    /** Headers that are the gateway's own to set. */
    private static final Set<String> REMAPPED = Set.of(
            "connection",
            "content-length",
            "date",
            "server",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "www-authenticate");

    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    private ProxyAnswer() {}

    /**
     * The function's response.
     *
     * @throws Refusal if the answer is not a proxy response; API Gateway says 502 then
     */
    static GatewayAnswer read(byte[] payload) {
        JsonNode answer =
                Json.parse(new String(payload, StandardCharsets.UTF_8)).orElseThrow(ProxyAnswer::malformed);
        boolean known = answer.isObject() && answer.propertyStream().allMatch(field -> FIELDS.contains(field.getKey()));
        JsonNode body = answer.path("body");
        if (!known || !(body.isMissingNode() || body.isNull() || body.isTextual())) {
            throw malformed();
        }
        Headers headers = headers(answer).withDefault("Content-Type", "application/json");
        if (!headers.areWellFormed()) {
            throw malformed();
        }
        return new GatewayAnswer(
                status(answer.path("statusCode")), headers, body.asText("").getBytes(StandardCharsets.UTF_8));
    }

    private static int status(JsonNode status) {
        boolean number =
                status.isInt() || (status.isTextual() && status.textValue().matches("[0-9]{3}"));
        int value = number ? Integer.parseInt(status.asText()) : 0;
        if (value < LEAST_STATUS || value > MOST_STATUS) {
            throw malformed();
        }
        return value;
    }

    /** A name in both maps takes its values from the one with many. */
    private static Headers headers(JsonNode answer) {
        Headers.Builder headers = new Headers.Builder();
        JsonNode multiple = object(answer.path("multiValueHeaders"));
        multiple.properties().forEach(header -> {
            if (!header.getValue().isArray()) {
                throw malformed();
            }
            header.getValue().forEach(value -> headers.add(name(header.getKey()), List.of(text(value))));
        });
        for (Map.Entry<String, JsonNode> header : object(answer.path("headers")).properties()) {
            if (!multiple.has(header.getKey())) {
                headers.add(name(header.getKey()), List.of(text(header.getValue())));
            }
        }
        return headers.build();
    }

    private static String name(String name) {
        return REMAPPED.contains(name.toLowerCase(Locale.ROOT)) ? "x-amzn-Remapped-" + name : name;
    }

    private static JsonNode object(JsonNode node) {
        if (node.isObject() || node.isMissingNode() || node.isNull()) {
            return node;
        }
        throw malformed();
    }

    private static String text(JsonNode value) {
        if (value.isValueNode() && !value.isNull()) {
            return value.asText();
        }
        throw malformed();
    }

    private static Refusal malformed() {
        return new Refusal(ResponseType.MALFORMED_PROXY_RESPONSE);
    }
}
