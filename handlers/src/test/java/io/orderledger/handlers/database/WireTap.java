package io.orderledger.handlers.database;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens between a client and PostgreSQL and writes down what the client says: nothing that a driver sends by itself escapes it, as
 * it would escape a listener inside the client.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-message-formats.html">Message formats</a>
 */
final class WireTap implements AutoCloseable {
    private static final int PROTOCOL_3 = 196_608;

    private final ServerSocket listener;
    private final int serverPort;
    private final List<Socket> sockets = new ArrayList<>();
    private final ConcurrentLinkedQueue<Said> said = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** What a client said. */
    sealed interface Said {
        /** The settings that a session begins with. */
        record Startup(List<String> namesAndValues) implements Said {}

        /** A statement; its name is empty unless it stays on the server. */
        record Statement(String name, String sql) implements Said {}

        /** A call of a server's function past all SQL. */
        record FunctionCall() implements Said {}
    }

    WireTap(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    List<Said> said() {
        return List.copyOf(said);
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                // Else each statement waits for the acknowledgement of the one before, some 40 ms.
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                connections.incrementAndGet();
                synchronized (sockets) {
                    sockets.add(client);
                    sockets.add(server);
                }
                Thread.ofVirtual().start(() -> listen(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (IOException e) {
            // The tap is closed.
        }
    }

    private void listen(Socket client, Socket server) {
        try (client;
                server;
                DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()))) {
            byte[] startup = in.readNBytes(in.readInt() - Integer.BYTES);
            said.add(startup(startup));
            send(out, startup);
            while (true) {
                byte type = in.readByte();
                byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
                writeDown((char) type, body);
                out.writeByte(type);
                send(out, body);
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private static void send(DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(Integer.BYTES + body.length);
        out.write(body);
        out.flush();
    }

    private static Said startup(byte[] body) {
        ByteBuffer message = ByteBuffer.wrap(body);
        if (message.getInt() != PROTOCOL_3) {
            throw new IllegalStateException("The client must not ask for encryption here");
        }
        List<String> texts = new ArrayList<>();
        while (message.remaining() > 1) {
            texts.add(text(message));
        }
        return new Said.Startup(texts);
    }

    private void writeDown(char type, byte[] body) {
        ByteBuffer message = ByteBuffer.wrap(body);
        switch (type) {
            case 'Q' -> said.add(new Said.Statement("", text(message)));
            case 'P' -> said.add(new Said.Statement(text(message), text(message)));
            case 'F' -> said.add(new Said.FunctionCall());
            default -> {
                // Values, requests to run and to answer, passwords: nothing that changes a session.
            }
        }
    }

    private static String text(ByteBuffer message) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte next = message.get(); next != 0; next = message.get()) {
            text.write(next);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
