package io.orderledger.local.instance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes back for bytes that no well-behaved client would send.
 *
 * @param head status line and headers
 */
record RawHttp(String head, String body) {
    private static final int ANSWERS_WITHIN_MILLIS = 60_000;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*", Pattern.DOTALL);
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: (\\d+)\r?$");

    /** Sends a request line with headers, and a body, on a connection of its own. The answer ends where it says: servers close when they like. */
    static RawHttp send(URI address, String head, byte[] body) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(ANSWERS_WITHIN_MILLIS);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write(head.getBytes(StandardCharsets.UTF_8));
            request.write(body);
            socket.getOutputStream().write(request.toByteArray());
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), !head.startsWith("HEAD "));
        } catch (IOException e) {
            throw new UncheckedIOException(head, e);
        }
    }

    int status() {
        Matcher status = STATUS.matcher(head);
        if (!status.matches()) {
            throw new IllegalStateException("no answer of HTTP: " + head);
        }
        return Integer.parseInt(status.group(1));
    }

    private static RawHttp read(InputStream answer, boolean hasBody) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf(END_OF_HEAD) < 0) {
            int next = answer.read();
            if (next < 0) {
                throw new IOException("the answer ended in its head: " + head);
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int size = hasBody && length.find() ? Integer.parseInt(length.group(1)) : 0;
        return new RawHttp(head.toString(), new String(answer.readNBytes(size), StandardCharsets.UTF_8));
    }
}
