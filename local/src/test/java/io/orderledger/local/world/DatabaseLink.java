package io.orderledger.local.world;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
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
        REFUSE_READ_ONLY
    }

    /** Decides about statements and connections, on the link's thread, while the client waits. */
    interface Judge {
        /** Whether a client may connect. */
        boolean admits(Session session);

        /**
         * What becomes of the statement that a client has sent.
         *
         * @param inTransaction whether a transaction of the client is open already
         */
        Verdict verdict(Session session, boolean inTransaction);

        /**
         * Told before the client learns of a loss.
         *
         * @param committed whether what was lost was the answer to the end of a transaction
         */
        void lostAnswer(Session session, boolean committed);
    }

    private final Socket client;
    private final Socket server;
    private final Session session;
    private final Judge judge;
    private final DataInputStream fromClient;
    private final DataInputStream fromServer;
    private final OutputStream toClient;
    private final OutputStream toServer;
    private byte transaction = IDLE;
    private boolean closed;

    DatabaseLink(Socket client, InetSocketAddress address, Session session, Judge judge) throws IOException {
        this.client = client;
        this.server = new Socket(address.getAddress(), address.getPort());
        this.session = session;
        this.judge = judge;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        this.fromClient = new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER_BYTES));
        this.fromServer = new DataInputStream(new BufferedInputStream(server.getInputStream(), BUFFER_BYTES));
        this.toClient = client.getOutputStream();
        this.toServer = server.getOutputStream();
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
        toServer.write(ByteBuffer.allocate(length).putInt(length).put(body).array());
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
            int type = fromServer.readUnsignedByte();
            if (type == 'G' || type == 'W') {
                throw new IllegalStateException("COPY from a client is not simulated");
            }
            int length = fromServer.readInt();
            byte[] body = fromServer.readNBytes(length - LENGTH_BYTES);
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
        boolean inTransaction = transaction != IDLE;
        switch (judge.verdict(session, inTransaction)) {
            case PASS -> {
                toServer.write(statement);
                toClient.write(answer());
                return true;
            }
            case LOSE_BEFORE -> cut();
            case LOSE_AFTER -> {
                toServer.write(statement);
                answer();
                judge.lostAnswer(session, transaction == IDLE && (!inTransaction || contains(statement, COMMIT)));
                cut();
            }
            case REFUSE_NO_MEMORY -> {
                return refuse("53200", "out of memory");
            }
            case REFUSE_READ_ONLY -> {
                return refuse("25006", "cannot execute INSERT in a read-only transaction");
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
    synchronized void cut() {
        if (closed) {
            return;
        }
        closed = true;
        try (server;
                client) {
            server.shutdownOutput();
            byte[] rest = new byte[BUFFER_BYTES];
            int read = 0;
            while (read >= 0) { // the server closes its side when its process ends
                read = server.getInputStream().read(rest);
            }
        } catch (IOException e) {
            // Whoever was faster has closed it.
        }
    }

    synchronized boolean isOpen() {
        return !closed;
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
