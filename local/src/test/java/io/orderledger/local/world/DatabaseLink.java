package io.orderledger.local.world;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection between a client and PostgreSQL, as the wire protocol has it: statements go to the server one at a time, and each may be
 * lost, or its answer, or be refused. What the client and the server see is what a broken network or a dying process shows them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">The protocol</a>
 */
final class DatabaseLink implements Runnable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LENGTH_BYTES = 4;
    private static final byte IDLE = 'I';
    private static final byte[] COMMIT = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

    /** What becomes of a statement. */
    enum Verdict {
        PASS,
        LOSE_BEFORE,
        LOSE_AFTER,
        REFUSE_NO_MEMORY,
        REFUSE_READ_ONLY,
        REFUSE_INTERNAL_ERROR
    }

    /**
     * What a client has sent until it waits for an answer.
     *
     * @param inTransaction whether a transaction of the client is open already
     */
    @SuppressWarnings("ArrayRecordComponent") // seen by the judge alone, for a moment
    record Statement(byte[] bytes, boolean inTransaction) {
        boolean isCommit() {
            return inTransaction && contains(COMMIT);
        }

        boolean contains(byte[] part) {
            return DatabaseLink.contains(bytes, part);
        }
    }

    /** Decides about statements and connections, on the link's thread, while the client waits. */
    interface Judge {
        /** Whether a client may connect. */
        boolean admits(Session session);

        /** What becomes of the statement that a client has sent. */
        Verdict verdict(Session session, Statement statement);

        /**
         * Told before the client learns of a loss.
         *
         * @param committed whether what was lost was the answer to the end of a transaction
         */
        void lostAnswer(Session session, boolean committed);
    }

    private final Socket client;
    private final InetSocketAddress address;
    private final Session session;
    private final Judge judge;
    private final DataInputStream fromClient;
    private final OutputStream toClient;
    private volatile Server server;
    private byte[] greeting = {};
    private byte transaction = IDLE;
    private volatile boolean closed;
    private volatile boolean left;

    /** The server's side. */
    private static final class Server {
        private final Socket socket;
        private final DataInputStream from;
        private final OutputStream to;

        Server(InetSocketAddress address) throws IOException {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setTcpNoDelay(true);
            from = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            to = socket.getOutputStream();
        }

        /** Ends it. When this returns, the session is over: what it had not committed is undone, its locks are free. */
        void end() {
            try (socket) {
                socket.shutdownOutput();
                byte[] rest = new byte[BUFFER_BYTES];
                int read = 0;
                while (read >= 0) { // the server closes its side when its process ends
                    read = socket.getInputStream().read(rest);
                }
            } catch (IOException e) {
                // Whoever was faster has closed it.
            }
        }
    }

    DatabaseLink(Socket client, InetSocketAddress address, Session session, Judge judge) throws IOException {
        this.client = client;
        this.address = address;
        this.session = session;
        this.judge = judge;
        client.setTcpNoDelay(true);
        this.fromClient = new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER_BYTES));
        this.toClient = client.getOutputStream();
        this.server = new Server(address);
    }

    @Override
    public void run() {
        try {
            start();
            byte[] statement = statement();
            while (statement.length > 0) {
                if (!handle(statement)) {
                    return;
                }
                statement = statement();
            }
            cut();
        } catch (IOException e) {
            cut(); // the client is gone, or the link was cut by somebody else
        }
    }

    private void start() throws IOException {
        int length = fromClient.readInt();
        byte[] body = fromClient.readNBytes(length - LENGTH_BYTES);
        greeting = ByteBuffer.allocate(length).putInt(length).put(body).array();
        server.to.write(greeting);
        toClient.write(answer());
    }

    /** What the client sends until it waits for an answer; nothing when it says goodbye. */
    private byte[] statement() throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            int type = fromClient.read();
            if (type < 0 || type == 'X') {
                return new byte[0];
            }
            int length = fromClient.readInt();
            byte[] body = fromClient.readNBytes(length - LENGTH_BYTES);
            if (body.length < length - LENGTH_BYTES) {
                throw new EOFException();
            }
            all.write(type);
            all.writeBytes(ByteBuffer.allocate(LENGTH_BYTES).putInt(length).array());
            all.writeBytes(body);
            if (type == 'S' || type == 'Q') {
                return all.toByteArray();
            }
        }
    }

    /** What the server says until it waits for the next statement. */
    private byte[] answer() throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            int type = server.from.readUnsignedByte();
            if (type == 'G' || type == 'W') {
                throw new IllegalStateException("COPY from a client is not simulated");
            }
            int length = server.from.readInt();
            byte[] body = server.from.readNBytes(length - LENGTH_BYTES);
            all.write(type);
            all.writeBytes(ByteBuffer.allocate(LENGTH_BYTES).putInt(length).array());
            all.writeBytes(body);
            if (type == 'Z') {
                transaction = body[0];
                return all.toByteArray();
            }
        }
    }

    /** @return whether the link goes on */
    private boolean handle(byte[] statement) throws IOException {
        if (closed) {
            // Closing a socket does not wait for whoever reads from it: he may still read what a client sends
            // afterwards, and it must not count.
            return false;
        }
        boolean inTransaction = transaction != IDLE;
        switch (judge.verdict(session, new Statement(statement, inTransaction))) {
            case PASS -> {
                server.to.write(statement);
                toClient.write(answer());
                return true;
            }
            case LOSE_BEFORE -> cut();
            case LOSE_AFTER -> {
                server.to.write(statement);
                answer();
                judge.lostAnswer(session, transaction == IDLE && (!inTransaction || contains(statement, COMMIT)));
                cut();
            }
            case REFUSE_NO_MEMORY -> {
                return refuse("53200", "out of memory");
            }
            case REFUSE_READ_ONLY -> {
                leave(); // a function takes another connection then
                return refuse("25006", "cannot execute INSERT in a read-only transaction");
            }
            case REFUSE_INTERNAL_ERROR -> {
                return refuse("XX000", "internal error");
            }
        }
        return false;
    }

    private boolean refuse(String sqlState, String message) throws IOException {
        byte[] fields = ("SERROR\0VERROR\0C" + sqlState + "\0M" + message + "\0\0").getBytes(StandardCharsets.US_ASCII);
        int length = LENGTH_BYTES + fields.length;
        toClient.write(ByteBuffer.allocate(1 + length + 1 + LENGTH_BYTES + 1)
                .put((byte) 'E')
                .putInt(length)
                .put(fields)
                .put((byte) 'Z')
                .putInt(LENGTH_BYTES + 1)
                .put(IDLE)
                .array());
        return true;
    }

    /** Ends both sides. When it returns, the server's session is over: what it had not committed is undone, its locks are free. */
    synchronized boolean cut() {
        if (closed) {
            return false;
        }
        closed = true;
        left = true;
        try (client) {
            server.end();
        } catch (IOException e) {
            // Whoever was faster has closed it.
        }
        return true;
    }

    /** Goes on with a new session of the server, which knows nothing of the one before. The client notices nothing; it is not using it. */
    synchronized boolean replaceServer() {
        if (closed) {
            return false;
        }
        server.end();
        try {
            server = new Server(address);
            server.to.write(greeting);
            answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    /** Its client does not use it any more, and will close it at some time. */
    void leave() {
        left = true;
    }

    /**
     * Whether its client uses it. When a client closes a connection, this side learns of it a moment later: so what counts is what the client
     * does and is told, and not what is closed.
     */
    boolean isInUse() {
        return !left;
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int from = 0; from + part.length <= all.length; from++) {
            int at = 0;
            while (at < part.length && all[from + at] == part[at]) {
                at++;
            }
            if (at == part.length) {
                return true;
            }
        }
        return false;
    }
}
