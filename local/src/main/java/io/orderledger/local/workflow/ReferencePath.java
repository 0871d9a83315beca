package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.DefinitionException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a {@code ResultPath} puts a result: {@code $}, or a chain of object members. Places in arrays are not supported.
 */
record ReferencePath(List<String> members) {

    static final ReferencePath ROOT = new ReferencePath(List.of());

    private static final Pattern MEMBER = Pattern.compile("\\.([\\p{L}_][\\p{L}\\p{N}_-]*)|\\['([^'\\\\]+)']");

    /** @throws DefinitionException where it is no such path */
    static ReferencePath parse(LocatedJson source) {
        String text = source.text();
        if (!text.startsWith("$") || text.startsWith("$$")) {
            throw source.refused("a reference path, which begins with one $, is expected");
        }
        var members = new ArrayList<String>();
        Matcher matcher = MEMBER.matcher(text);
        int at = 1;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw source.refused("\"" + text + "\" is not supported as a place for a result");
            }
            members.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            at = matcher.end();
        }
        return new ReferencePath(List.copyOf(members));
    }

    /**
     * The input with the result in its place; missing members are made on the way.
     *
     * @throws StateFailure where something that is no object is in the way
     */
    JsonNode put(JsonNode input, JsonNode result) {
        if (members.isEmpty()) {
            return result;
        }
        JsonNode root = input.deepCopy();
        JsonNode parent = root;
        for (String member : members.subList(0, members.size() - 1)) {
            ObjectNode object = object(parent);
            JsonNode child = object.get(member);
            parent = child == null ? object.putObject(member) : child;
        }
        object(parent).set(members.getLast(), result);
        return root;
    }

    private static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new StateFailure(
                StateFailure.RESULT_PATH_MATCH_FAILURE, "Unable to apply ResultPath: the input has no object there");
    }
}
