package io.orderledger.local.gateway;

/** The gateway could not listen on its port. The remedy is another port, or to end what listens on this one. */
public final class GatewayCannotStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int port;

    GatewayCannotStart(int port) {
        super(message(port));
        this.port = port;
    }

    GatewayCannotStart(int port, Throwable cause) {
        super(message(port), cause);
        this.port = port;
    }

    private static String message(int port) {
        return "port " + port + " cannot be listened on: it is probably in use";
    }

    public int port() {
        return port;
    }
}
