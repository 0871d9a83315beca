package io.orderledger.local.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;

/**
 * An address to listen on, and who may call it.
 *
 * @param port 0 for any that is free
 */
public record Listener(InetAddress address, int port, AccessRules rules) {

    /** On loopback, for this machine. */
    public static Listener loopback(int port) {
        return new Listener(InetAddress.getLoopbackAddress(), port, AccessRules.loopback());
    }

    /** Where this machine reaches it, once it listens on a port. */
    public URI uri(int boundPort) {
        InetAddress reachable = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        return URI.create("http://" + inUri(reachable, reachable.getHostAddress()) + ":" + boundPort);
    }

    /** The name of an address as a URI and the header Host have it. */
    static String inUri(InetAddress address, String name) {
        boolean literal = address instanceof Inet6Address && name.contains(":");
        return literal && !name.startsWith("[") ? "[" + name + "]" : name;
    }
}
