package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Integration.Passthrough;
import io.orderledger.local.definitions.TemplateText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Chooses the request template by the content type, or passes the body on where the integration lets it. Thread-safe. */
final class RequestMapping {

    private final Map<String, MappingTemplate> templates = new LinkedHashMap<>();
    private final Passthrough passthrough;

    RequestMapping(Map<String, TemplateText> sources, Passthrough passthrough, Templates engine) {
        sources.forEach(
                (mediaType, source) -> templates.put(mediaType.toLowerCase(Locale.ROOT), engine.compile(source)));
        this.passthrough = passthrough;
    }

    /**
     * The body of the integration's request.
     *
     * @throws Refusal if the content type has no template and must not pass
     */
    String map(Exchange exchange, String body) {
        MappingTemplate template = templates.get(exchange.request().mediaType());
        if (template != null) {
            return template.render(new TemplateInput(body, exchange), exchange);
        }
        boolean passes = switch (passthrough) {
            case WHEN_NO_MATCH -> true;
            case WHEN_NO_TEMPLATES -> templates.isEmpty();
            case NEVER -> false;
        };
        if (!passes) {
            throw new Refusal(ResponseType.UNSUPPORTED_MEDIA_TYPE);
        }
        return body;
    }
}
