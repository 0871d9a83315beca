package io.orderledger.local.gateway;

/** The gateway could not listen on its port. The remedy is another port, or to end what listens on this one. */
public final class GatewayCannotStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int port;

    GatewayCannotStart(int port, Throwable cause) {
        super("port " + port + " on 127.0.0.1 cannot be listened on: it is probably in use", cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
