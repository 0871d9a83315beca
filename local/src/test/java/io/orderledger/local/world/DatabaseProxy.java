package io.orderledger.local.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** What the functions and operators of a world know as their database: the way to PostgreSQL, on which things go wrong. */
final class DatabaseProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Supplier<Optional<Session>> who;
    private final DatabaseLink.Judge judge;
    private final List<DatabaseLink> links = new CopyOnWriteArrayList<>();

    /** @param who for whom a connection is made now */
    DatabaseProxy(InetSocketAddress server, Supplier<Optional<Session>> who, DatabaseLink.Judge judge) {
        this.server = server;
        this.who = who;
        this.judge = judge;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Optional<Session> session = who.get();
                if (session.isEmpty() || !judge.admits(session.get())) {
                    client.close();
                    continue;
                }
                DatabaseLink link = new DatabaseLink(client, server, session.get(), judge);
                links.add(link);
                session.get().opened(link);
                Thread.ofVirtual().start(link);
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** Cuts every connection, as a failover does. */
    void cutAll() {
        List<DatabaseLink> open = new ArrayList<>(links);
        links.clear();
        open.forEach(DatabaseLink::cut);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }
}
