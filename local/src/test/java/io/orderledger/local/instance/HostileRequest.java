package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A request as nobody should send it.
 *
 * @param target path and query, as they go over the wire
 * @param headers names and values in turn, as they go over the wire
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way out; compared by nobody
record HostileRequest(String method, String target, List<String> headers, byte[] body) {

    /** In whatever is hostile, so that it is recognised where it comes out. */
    static final String MARK = "zq7mark";

    private static final List<String> TEXTS = List.of(
            "<script>" + MARK + "</script>",
            "\"" + MARK + "\"><img src=x onerror=alert(1)>",
            MARK + "\r\nSet-Cookie: " + MARK + "=1",
            MARK + "\n2026-01-01T00:00:00.000Z INFO forged",
            "'; drop table ledger.event; --" + MARK,
            "' or '1'='1' --" + MARK,
            "{0} ? :name ::text ?? $1 {{1}} " + MARK,
            "%s%n%x%_\\%" + MARK,
            "${jndi:ldap://127.0.0.1/" + MARK + "}",
            "$util.escapeJavaScript('x') #set($x=1) $x " + MARK,
            "\u0000" + MARK,
            "\uD83C" + MARK,
            "\uDF55" + MARK,
            "\u007F\u0080\u2028\u202E" + MARK,
            "../../../etc/passwd%00" + MARK,
            MARK.repeat(100),
            "\uD83C\uDF55" + MARK,
            "");

    /** JSON values that fit nowhere, or nearly; as text, since some of them are no JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "-1",
            "1.0",
            "1e0",
            "1E400",
            "-1e-400",
            "9223372036854775808",
            "1" + "0".repeat(400),
            "01",
            "+1",
            ".5",
            "NaN",
            "Infinity",
            "0x10",
            "\"\"",
            "\"1\"",
            "[]",
            "{}",
            "[[[[1]]]]",
            "{\"a\":{\"b\":{}}}",
            "\"\\u0000\"",
            "\"\\uD83C\"",
            "\"\\uDF55\\uD83C\"",
            "\"\\x\"",
            "\"\t\"",
            "'single'",
            "undefined",
            "{\"$ref\":\"#\"}",
            "{\"__proto__\":{}}",
            "[1,]");

    private static final List<String> PATHS = List.of(
            "/orders",
            "/orders/%s",
            "/orders/%s/history",
            "/orders/%s/cancellation",
            "/requests/%s",
            "/health",
            "/orders/",
            "//orders",
            "/%s");

    private static final List<String> PARAMETERS =
            List.of("status", "customer", "placedFrom", "placedBefore", "limit", "cursor", "asOf", "orderId", "%s");

    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "Content-Type",
            "Accept",
            "User-Agent",
            "X-Request-Id",
            "x-amzn-RequestId",
            "X-Amzn-Trace-Id",
            "X-Forwarded-For",
            "Authorization",
            "Cookie",
            "X-HTTP-Method-Override",
            "Referer");

    private static final List<String> PLAUSIBLE = List.of(
            "PLACED",
            "1",
            "999",
            "0",
            "-1",
            "1e3",
            "2026-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "+999999999-12-31T23:59:59Z",
            "-0001-01-01T00:00:00Z",
            "0000-00-00T00:00:00Z",
            "999999999999999999",
            "9223372036854775807",
            "AAAA",
            "application/json",
            "application/json; charset=utf-16",
            "text/html",
            "multipart/form-data; boundary=x",
            "%",
            "%00",
            "%ff",
            "%u0041",
            "%c0%ae",
            "a;b",
            "a&b",
            "{" + UUID.nameUUIDFromBytes(new byte[] {2}) + "}");

    /** What is changed in a body that would be taken, at most of them here and there. */
    private static final List<String> POINTERS = List.of(
            "/customer",
            "/customer/id",
            "/customer/name",
            "/customer/phone",
            "/customer/email",
            "/deliveryAddress",
            "/deliveryAddress/line1",
            "/deliveryAddress/city",
            "/deliveryAddress/country",
            "/channel",
            "/currency",
            "/items",
            "/items/0",
            "/items/0/sku",
            "/items/0/name",
            "/items/0/quantity",
            "/items/0/unitPrice",
            "/notes",
            "/reason");

    static Arbitrary<HostileRequest> any() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, placing()),
                net.jqwik.api.Tuple.of(2, cancelling()),
                net.jqwik.api.Tuple.of(4, anything()));
    }

    /** The key of a request that has a plain one; empty for the others. */
    String key() {
        int at = headers.indexOf("Idempotency-Key");
        return at < 0 ? "" : headers.get(at + 1);
    }

    @Override
    public String toString() {
        return method + " " + target + " " + headers + " " + Base64.getEncoder().encodeToString(body);
    }

    private static Arbitrary<HostileRequest> placing() {
        return Combinators.combine(bodies(TestInstance.order("fuzz")), keys())
                .as((body, key) -> new HostileRequest(
                        "POST", "/orders", List.of("Content-Type", "application/json", "Idempotency-Key", key), body));
    }

    private static Arbitrary<HostileRequest> cancelling() {
        return Combinators.combine(bodies("{\"reason\":\"late\"}"), keys(), keys())
                .as((body, key, order) -> new HostileRequest(
                        "PUT",
                        "/orders/" + order + "/cancellation",
                        List.of("Content-Type", "application/json", "Idempotency-Key", key),
                        body));
    }

    private static Arbitrary<HostileRequest> anything() {
        Arbitrary<String> method =
                Arbitraries.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PURGE");
        Arbitrary<List<String>> headers = Combinators.combine(Arbitraries.of(HEADERS), inHeader())
                .as((name, value) -> List.of(name, value))
                .list()
                .ofMaxSize(3)
                .map(pairs -> pairs.stream().flatMap(List::stream).toList());
        return Combinators.combine(method, targets(), headers, bodies(TestInstance.order("fuzz")))
                .as((verb, target, sent, body) -> new HostileRequest(
                        verb, target, sent, verb.equals("GET") || verb.equals("HEAD") ? new byte[0] : body));
    }

    private static Arbitrary<String> targets() {
        Arbitrary<String> value = Arbitraries.oneOf(
                Arbitraries.of(TEXTS).map(HostileRequest::encoded), Arbitraries.of(PLAUSIBLE), keys());
        Arbitrary<String> query = Combinators.combine(Arbitraries.of(PARAMETERS), value)
                .as((name, text) -> name.replace("%s", MARK + "%0d%0a") + "=" + text)
                .list()
                .ofMaxSize(3)
                .map(parameters -> parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
        return Combinators.combine(Arbitraries.of(PATHS), value, query)
                .as((path, text, parameters) -> wire(path.replace("%s", text)) + wire(parameters));
    }

    /** Whatever would end the request line is encoded; the rest goes as it is, well encoded or not. */
    private static String wire(String text) {
        return text.replace(" ", "%20")
                .replace("\r", "%0d")
                .replace("\n", "%0a")
                .replace("#", "%23");
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append("%%%02x".formatted(each & 0xFF));
        }
        return encoded.toString();
    }

    private static Arbitrary<String> inHeader() {
        return Arbitraries.oneOf(Arbitraries.of(TEXTS), Arbitraries.of(PLAUSIBLE))
                .map(text -> text.replaceAll("[^\\x20-\\x7E]", "?").strip());
    }

    /** Without edge cases, or a key would come twice, for two requests. */
    private static Arbitrary<String> keys() {
        return Arbitraries.randomValue(random -> new UUID(random.nextLong(), random.nextLong()).toString());
    }

    private static Arbitrary<byte[]> bodies(String valid) {
        Arbitrary<byte[]> changed = Combinators.combine(
                        Arbitraries.of(POINTERS),
                        Arbitraries.oneOf(Arbitraries.of(TEXTS).map(HostileRequest::quoted), Arbitraries.of(VALUES)))
                .as((pointer, value) -> changed(valid, pointer, value).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, changed),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(valid.getBytes(StandardCharsets.UTF_8))),
                net.jqwik.api.Tuple.of(2, Arbitraries.of(odd(valid))));
    }

    /** As JSON text, with every character escaped that is not plain. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(each -> {
            boolean plain = each >= ' ' && each < 0x7F && each != '"' && each != '\\';
            quoted.append(plain ? Character.toString(each) : "\\u%04x".formatted(each));
        });
        return quoted.append('"').toString();
    }

    private static String changed(String valid, String pointer, String value) {
        ObjectNode body = (ObjectNode) TestInstance.json(valid);
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = body.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1);
        String place = "\"" + MARK + "-here\"";
        if (parent instanceof ObjectNode object) {
            object.put(name, MARK + "-here");
        } else if (parent.isArray() && parent.size() > 0) {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(0, MARK + "-here");
        } else {
            body.put(name, MARK + "-here");
        }
        return body.toString().replace(place, value);
    }

    private static List<byte[]> odd(String valid) {
        String twice = valid.strip().replaceFirst("\\{", "{\"currency\":\"EUR\",\"reason\":\"first\",\"items\":[],");
        String onlyTwice = valid.strip()
                .replaceFirst("\\{", valid.contains("reason") ? "{\"reason\":1," : "{\"currency\":\"EUR\",");
        String otherCase = valid.replace("\"currency\"", "\"Currency\"");
        String deep = "[".repeat(5_000);
        String deepObject = "{\"customer\":".repeat(200) + "1" + "}".repeat(200);
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "{",
                "}",
                "[]",
                "null",
                "\"text\"",
                "1",
                valid + valid,
                valid + "x",
                valid.replace("}", ",}"),
                "/* c */" + valid,
                twice,
                onlyTwice,
                otherCase,
                deep,
                deepObject,
                "\uFEFF" + valid,
                valid.replace(":", ": \u00A0"),
                "a=b&c=d",
                "<order/>",
                "{\"" + MARK + "\":1}",
                "{\"\":1}",
                "{\"a\\u0000b\":1}",
                "{\"" + MARK.repeat(300) + "\":1}")) {
            bodies.add(text.getBytes(StandardCharsets.UTF_8));
        }
        bodies.add(valid.getBytes(StandardCharsets.UTF_16));
        bodies.add(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});
        bodies.add(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0xBC});
        bodies.add(valid.replace("late", "l\u0000te").replace("Lee", "L\u0000e").getBytes(StandardCharsets.UTF_8));
        return bodies;
    }
}
