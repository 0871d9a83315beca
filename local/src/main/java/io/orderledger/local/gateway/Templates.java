package io.orderledger.local.gateway;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.TemplateText;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import java.util.Properties;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.exception.VelocityException;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.ParseException;
import org.apache.velocity.runtime.parser.node.SimpleNode;
import org.apache.velocity.runtime.resource.loader.StringResourceLoader;
import org.apache.velocity.util.introspection.SecureUberspector;

/**
 * Mapping templates on Apache Velocity, set up to behave like API Gateway's older version of it. Only the text of a template
 * is ever parsed; what a request carries is put into its context as data. Thread-safe.
 */
final class Templates {

    /** API Gateway's own limit. */
    private static final int MOST_FOREACH_LOOPS = 1_000;

    private final RuntimeInstance velocity = new RuntimeInstance();
    private final TemplateUtilities utilities = new TemplateUtilities();
    private final Map<String, String> stageVariables;

    Templates(Map<String, String> stageVariables) {
        this.stageVariables = stageVariables;
        Properties settings = new Properties();
        settings.setProperty(RuntimeConstants.PARSER_HYPHEN_ALLOWED, "true");
        settings.setProperty(RuntimeConstants.SPACE_GOBBLING, "bc");
        settings.setProperty(RuntimeConstants.CHECK_EMPTY_OBJECTS, "false");
        settings.setProperty(RuntimeConstants.MAX_NUMBER_LOOPS, Integer.toString(MOST_FOREACH_LOOPS));
        settings.setProperty(RuntimeConstants.UBERSPECT_CLASSNAME, SecureUberspector.class.getName());
        settings.setProperty(RuntimeConstants.RUNTIME_LOG_REFERENCE_LOG_INVALID, "false");
        settings.setProperty(RuntimeConstants.VM_LIBRARY, "");
        settings.setProperty(RuntimeConstants.VM_PERM_ALLOW_INLINE, "false");
        // An empty repository in memory: no template can load another one, or a file.
        settings.setProperty(RuntimeConstants.RESOURCE_LOADERS, "none");
        settings.setProperty("resource.loader.none.class", StringResourceLoader.class.getName());
        velocity.init(settings);
    }

    /**
     * Prepares a template.
     *
     * @throws DefinitionException if it is no valid template, or uses what the local run does not have; with the line
     */
    MappingTemplate compile(TemplateText source) {
        Template template = new Template();
        template.setRuntimeServices(velocity);
        template.setName(source.location().toString());
        try {
            SimpleNode root = velocity.parse(new StringReader(source.text()), template);
            template.setData(root);
            template.initDocument();
            new TemplateCheck(source, velocity, stageVariables.keySet()).check(root);
        } catch (ParseException e) {
            int line = e.currentToken == null ? 1 : e.currentToken.beginLine;
            throw refusal(source, line, e);
        } catch (VelocityException e) {
            throw refusal(source, 1, e);
        }
        return (input, exchange) -> render(template, source, input, exchange);
    }

    private static DefinitionException refusal(TemplateText source, int line, Exception cause) {
        DefinitionException refusal =
                new DefinitionException(source.line(line), "not a valid mapping template: " + firstLine(cause));
        refusal.initCause(cause);
        return refusal;
    }

    private static String firstLine(Exception cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private String render(Template template, TemplateText source, TemplateInput input, Exchange exchange) {
        VelocityContext context = new VelocityContext();
        context.put("input", input);
        context.put("context", ContextVariables.forTemplate(exchange));
        context.put("util", utilities);
        context.put("stageVariables", stageVariables);
        EventCartridge events = new EventCartridge();
        events.addEventHandler(new ReferenceEvents());
        events.attachToContext(context);
        StringWriter writer = new StringWriter();
        try {
            template.merge(context, writer);
        } catch (VelocityException | TemplateFailure | StackOverflowError e) {
            throw new TemplateFailure("the template at " + source.location() + " failed: " + reason(e), e);
        }
        return writer.toString();
    }

    /** Only what we said ourselves is safe to repeat: other messages may quote the request. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateFailure) {
                return String.valueOf(cause.getMessage());
            }
        }
        return failure.getClass().getSimpleName();
    }
}
