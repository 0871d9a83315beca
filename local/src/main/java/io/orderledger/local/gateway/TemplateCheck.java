package io.orderledger.local.gateway;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.TemplateText;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Set;
import org.apache.velocity.Template;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.ParseException;
import org.apache.velocity.runtime.parser.node.ASTDirective;
import org.apache.velocity.runtime.parser.node.ASTIdentifier;
import org.apache.velocity.runtime.parser.node.ASTMethod;
import org.apache.velocity.runtime.parser.node.ASTReference;
import org.apache.velocity.runtime.parser.node.ASTSetDirective;
import org.apache.velocity.runtime.parser.node.ASTStringLiteral;
import org.apache.velocity.runtime.parser.node.Node;

/**
 * Finds what a template refers to and API Gateway, or the local run, does not have: unknown variables, unknown members of
 * {@code $input}, {@code $util} and {@code $context}, and directives that would evaluate data.
 */
final class TemplateCheck {

    private static final Set<String> DIRECTIVES = Set.of("foreach", "break", "stop");
    private static final Set<String> UTILITIES =
            Set.of("escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode");
    private static final Set<String> INPUT_METHODS = Set.of("json", "path", "params");
    private static final Set<String> GIVEN = Set.of("input", "context", "util", "stageVariables", "foreach");

    private final TemplateText source;
    private final RuntimeInstance velocity;
    private final Set<String> stageVariables;
    private final Set<String> assigned = new HashSet<>();

    TemplateCheck(TemplateText source, RuntimeInstance velocity, Set<String> stageVariables) {
        this.source = source;
        this.velocity = velocity;
        this.stageVariables = stageVariables;
    }

    void check(Node root) {
        collectAssignments(root);
        checkAll(root, 0);
    }

    private void collectAssignments(Node node) {
        boolean assigns = node instanceof ASTSetDirective
                || (node instanceof ASTDirective directive
                        && directive.getDirectiveName().equals("foreach"));
        if (assigns && node.jjtGetChild(0) instanceof ASTReference target && target.jjtGetNumChildren() == 0) {
            assigned.add(target.getRootString());
        }
        for (int i = 0; i < node.jjtGetNumChildren(); i++) {
            collectAssignments(node.jjtGetChild(i));
        }
    }

    /** @param lineOffset the line that a text within the template begins on, less one */
    private void checkAll(Node node, int lineOffset) {
        switch (node) {
            case ASTReference reference -> checkReference(reference, lineOffset);
            case ASTDirective directive -> checkDirective(directive, lineOffset);
            case ASTStringLiteral literal -> checkInterpolated(literal, lineOffset);
            default -> {}
        }
        for (int i = 0; i < node.jjtGetNumChildren(); i++) {
            checkAll(node.jjtGetChild(i), lineOffset);
        }
    }

    private void checkDirective(ASTDirective directive, int lineOffset) {
        if (!DIRECTIVES.contains(directive.getDirectiveName())) {
            throw refusal(directive, lineOffset, "#" + directive.getDirectiveName() + " is not supported in templates");
        }
    }

    /** Text in double quotes may hold references of its own, which Velocity keeps apart from the tree. */
    private void checkInterpolated(ASTStringLiteral literal, int lineOffset) {
        String image = literal.literal();
        if (!image.startsWith("\"") || !(image.contains("$") || image.contains("#"))) {
            return;
        }
        Template template = new Template();
        template.setRuntimeServices(velocity);
        template.setName(source.location().toString());
        try {
            String text = image.substring(1, image.length() - 1);
            checkAll(velocity.parse(new StringReader(text), template), lineOffset + literal.getLine() - 1);
        } catch (ParseException e) {
            throw refusal(literal, lineOffset, "not a valid mapping template within the quotes");
        }
    }

    private void checkReference(ASTReference reference, int lineOffset) {
        String root = reference.getRootString();
        if (root == null) {
            return;
        }
        if (!GIVEN.contains(root) && !assigned.contains(root)) {
            throw refusal(reference, lineOffset, "there is no variable $" + root);
        }
        boolean known = switch (root) {
            case "input" -> isKnownInput(reference);
            case "util" ->
                reference.jjtGetNumChildren() > 0
                        && reference.jjtGetChild(0) instanceof ASTMethod method
                        && UTILITIES.contains(method.getMethodName());
            case "context" -> isKnownContext(reference);
            case "stageVariables" ->
                reference.jjtGetNumChildren() > 0
                        && reference.jjtGetChild(0) instanceof ASTIdentifier variable
                        && stageVariables.contains(variable.getIdentifier());
            default -> true;
        };
        if (!known) {
            throw refusal(reference, lineOffset, "the local run does not support " + reference.literal());
        }
    }

    private static boolean isKnownInput(ASTReference reference) {
        if (reference.jjtGetNumChildren() == 0) {
            return false;
        }
        return switch (reference.jjtGetChild(0)) {
            case ASTMethod method -> INPUT_METHODS.contains(method.getMethodName());
            case ASTIdentifier identifier -> identifier.getIdentifier().equals("body");
            default -> false;
        };
    }

    /** The identifiers up to the first method call, which then belongs to the variable's text. */
    private static boolean isKnownContext(ASTReference reference) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < reference.jjtGetNumChildren(); i++) {
            if (!(reference.jjtGetChild(i) instanceof ASTIdentifier identifier)) {
                break;
            }
            name.append(i == 0 ? "" : ".").append(identifier.getIdentifier());
        }
        return ContextVariables.isKnown(name.toString()) || ContextVariables.isOverride(name.toString());
    }

    private DefinitionException refusal(Node node, int lineOffset, String reason) {
        return new DefinitionException(source.line(lineOffset + node.getLine()), reason);
    }
}
