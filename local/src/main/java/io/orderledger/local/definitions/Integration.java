package io.orderledger.local.definitions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What stands behind a route. */
public sealed interface Integration {

    Location location();

    /** API Gateway waits this long at most. */
    Duration LONGEST_TIMEOUT = Duration.ofSeconds(29);

    Duration timeout();

    /**
     * {@code aws}: a call of a service's action, with mappings both ways.
     *
     * @param service for example {@code events}
     * @param action for example {@code PutEvents}
     * @param parameters headers (and other parameters) of the call
     * @param responses in the order of the document; the one without a pattern is the default
     */
    record ServiceCall(
            Location location,
            String service,
            String action,
            Duration timeout,
            Passthrough passthrough,
            List<ParameterMapping> parameters,
            Map<String, TemplateText> requestTemplates,
            List<Response> responses)
            implements Integration {

        public ServiceCall {
            parameters = List.copyOf(parameters);
            responses = List.copyOf(responses);
        }
    }

    /** {@code aws_proxy}: the request as an event to a function, whose answer is the response. */
    record FunctionCall(Location location, String functionArn, Duration timeout) implements Integration {}

    /** {@code mock}: the request template says which response is chosen, and nothing is called. */
    record Mock(
            Location location,
            Passthrough passthrough,
            Map<String, TemplateText> requestTemplates,
            List<Response> responses)
            implements Integration {

        public Mock {
            responses = List.copyOf(responses);
        }

        @Override
        public Duration timeout() {
            return LONGEST_TIMEOUT;
        }
    }

    /** What happens to a body whose content type has no request template. */
    enum Passthrough {
        WHEN_NO_MATCH,
        WHEN_NO_TEMPLATES,
        NEVER
    }

    /**
     * A parameter of the call that is made.
     *
     * @param target where it goes
     */
    record ParameterMapping(Location location, Route.Parameter.Source target, String name, ValueSource value) {}

    /**
     * One integration response.
     *
     * @param selectionPattern matched against the whole status; empty: the default
     * @param template empty: the back end's body is passed on
     */
    record Response(
            Location location,
            Optional<Pattern> selectionPattern,
            int status,
            Map<String, ValueSource> headers,
            Optional<ResponseTemplate> template) {

        public Response {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * The template of a response.
     *
     * @param mediaType the content type of the answer, unless a header says otherwise
     */
    record ResponseTemplate(String mediaType, TemplateText text) {}
}
