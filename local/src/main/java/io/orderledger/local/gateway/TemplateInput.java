package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code $input} in mapping templates: a body and the parameters of the request. Public because Velocity calls public
 * methods of public classes only. Used by one thread at a time.
 */
public final class TemplateInput {

    private static final String NOTHING = "\"\"";

    private final String body;
    private final Map<String, Map<String, String>> parameters;
    private @Nullable JsonNode parsed;

    /** @param body the request's, or in a response template the back end's; empty text stands for <code>{}</code> */
    TemplateInput(String body, Exchange exchange) {
        this.body = body.isEmpty() ? "{}" : body;
        Map<String, Map<String, String>> params = new LinkedHashMap<>();
        params.put("path", exchange.pathParameters());
        params.put("querystring", lastQueryValues(exchange.request()));
        params.put("header", exchange.request().headers().lastValues());
        this.parameters = params;
    }

    private static Map<String, String> lastQueryValues(ReceivedRequest request) {
        Map<String, String> last = new LinkedHashMap<>();
        request.query().forEach((name, values) -> last.put(name, values.getLast()));
        return last;
    }

    /** {@code $input.body}. */
    public String getBody() {
        return body;
    }

    /** What the JSONPath finds, as JSON text; {@code ""} (two quotes) where it finds nothing. */
    public String json(String path) {
        return Json.find(document(), path).map(Json::text).orElse(NOTHING);
    }

    /** What the JSONPath finds, as values; null where it finds nothing. */
    public @Nullable Object path(String path) {
        return Json.find(document(), path).map(Json::values).orElse(null);
    }

    /** All parameters: maps by the names {@code path}, {@code querystring} and {@code header}. */
    public Map<String, Map<String, String>> params() {
        return parameters;
    }

    /** One parameter, looked for in path, query and headers; the name is compared as it is spelled. */
    public String params(String name) {
        return parameters.values().stream()
                .flatMap(values -> Optional.ofNullable(values.get(name)).stream())
                .findFirst()
                .orElse("");
    }

    private JsonNode document() {
        JsonNode known = parsed;
        if (known == null) {
            known = Json.parse(body).orElseThrow(() -> new TemplateFailure("the body that $input reads is not JSON"));
            parsed = known;
        }
        return known;
    }
}
