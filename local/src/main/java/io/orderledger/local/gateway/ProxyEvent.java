package io.orderledger.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The event of a Lambda proxy integration, version 1.0, as API Gateway documents it. What a caller is unsigned for is null.
 */
final class ProxyEvent {

    private static final List<String> UNKNOWN_IDENTITY = List.of(
            "accessKey",
            "accountId",
            "caller",
            "cognitoAuthenticationProvider",
            "cognitoAuthenticationType",
            "cognitoIdentityId",
            "cognitoIdentityPoolId",
            "principalOrgId",
            "user",
            "userArn");

    private ProxyEvent() {}

    static byte[] of(Exchange exchange, String body) {
        ReceivedRequest request = exchange.request();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("resource", exchange.resourcePath());
        event.put("path", request.path());
        event.put("httpMethod", request.method());
        event.set("headers", single(request.headers().lastValues()));
        event.set("multiValueHeaders", multiple(request.headers().all()));
        if (request.query().isEmpty()) {
            event.putNull("queryStringParameters");
            event.putNull("multiValueQueryStringParameters");
        } else {
            event.set("queryStringParameters", lastOf(request.query()));
            event.set("multiValueQueryStringParameters", multiple(request.query()));
        }
        putOrNull(event, "pathParameters", exchange.pathParameters());
        putOrNull(event, "stageVariables", exchange.api().stageVariables());
        event.set("requestContext", requestContext(exchange));
        if (body.isEmpty()) {
            event.putNull("body");
        } else {
            event.put("body", body);
        }
        event.put("isBase64Encoded", false);
        try {
            return Json.MAPPER.writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    private static ObjectNode requestContext(Exchange exchange) {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        context.put("accountId", exchange.api().accountId());
        context.put("apiId", exchange.api().id());
        context.put("deploymentId", exchange.deploymentId());
        context.put("domainName", exchange.domainName());
        context.put("domainPrefix", exchange.api().id());
        context.put("extendedRequestId", exchange.ids().extendedRequestId());
        context.put("httpMethod", exchange.request().method());
        ObjectNode identity = context.putObject("identity");
        UNKNOWN_IDENTITY.forEach(identity::putNull);
        identity.put("sourceIp", exchange.request().sourceIp());
        identity.put(
                "userAgent", exchange.request().headers().first("User-Agent").orElse(null));
        context.put("path", exchange.pathWithStage());
        context.put("protocol", "HTTP/1.1");
        context.put("requestId", exchange.ids().requestId());
        context.put("requestTime", exchange.requestTime());
        context.put("requestTimeEpoch", exchange.receivedAt().toEpochMilli());
        context.put("resourceId", exchange.resourceId());
        context.put("resourcePath", exchange.resourcePath());
        context.put("stage", exchange.api().stage());
        return context;
    }

    private static void putOrNull(ObjectNode event, String name, Map<String, String> values) {
        if (values.isEmpty()) {
            event.putNull(name);
        } else {
            event.set(name, single(values));
        }
    }

    private static ObjectNode single(Map<String, String> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach(object::put);
        return object;
    }

    private static ObjectNode lastOf(Map<String, List<String>> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach((name, all) -> object.put(name, all.getLast()));
        return object;
    }

    private static ObjectNode multiple(Map<String, List<String>> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach((name, all) -> all.forEach(object.withArrayProperty(name)::add));
        return object;
    }
}
