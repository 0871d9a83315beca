package io.orderledger.local.gateway;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code $util} in mapping templates. Public because Velocity calls public methods of public classes only. */
public final class TemplateUtilities {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_ASCII = 0x7F;

    TemplateUtilities() {}

    /**
     * The text as the inside of a JavaScript string, exactly as commons-lang 2.6 escapes it: {@code '} becomes {@code \'}
     * (which is not JSON) and {@code /} becomes {@code \/}.
     */
    public String escapeJavaScript(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        StringBuilder escaped = new StringBuilder(text.length() * 2);
        text.chars().forEach(unit -> appendEscaped(escaped, (char) unit));
        return escaped.toString();
    }

    private static void appendEscaped(StringBuilder target, char unit) {
        switch (unit) {
            case '\b' -> target.append("\\b");
            case '\n' -> target.append("\\n");
            case '\t' -> target.append("\\t");
            case '\f' -> target.append("\\f");
            case '\r' -> target.append("\\r");
            case '\'', '"', '\\', '/' -> target.append('\\').append(unit);
            default -> {
                if (unit < FIRST_PRINTABLE || unit > LAST_ASCII) {
                    target.append(String.format(Locale.ROOT, "\\u%04X", (int) unit));
                } else {
                    target.append(unit);
                }
            }
        }
    }

    /** The values in a JSON text. */
    public @Nullable Object parseJson(@Nullable Object json) {
        return Json.parse(json == null ? "" : json.toString())
                .map(Json::values)
                .orElseThrow(() -> new TemplateFailure("$util.parseJson was given something that is not JSON"));
    }

    public String urlEncode(@Nullable Object text) {
        return URLEncoder.encode(text == null ? "" : text.toString(), StandardCharsets.UTF_8);
    }

    public String urlDecode(@Nullable Object text) {
        return URLDecoder.decode(text == null ? "" : text.toString(), StandardCharsets.UTF_8);
    }

    public String base64Encode(@Nullable Object text) {
        byte[] bytes = (text == null ? "" : text.toString()).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(bytes);
    }

    public String base64Decode(@Nullable Object text) {
        byte[] bytes = Base64.getDecoder().decode(text == null ? "" : text.toString());
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
