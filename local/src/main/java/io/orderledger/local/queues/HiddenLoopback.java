package io.orderledger.local.queues;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * An address of the loopback network that nobody knows. ElasticMQ asks nobody who he is, and an image or a form in a web page could empty
 * its queues; on Linux, the whole of 127.0.0.0/8 is this machine, and no page finds one address and port of it by trying. Other systems have
 * the one that everybody knows.
 */
final class HiddenLoopback {
    private static final String KNOWN = "127.0.0.1";
    private static final int LEAST = 2;
    private static final int BELOW = 255;

    private HiddenLoopback() {}

    static String draw() {
        SecureRandom random = new SecureRandom();
        String drawn = "127.%d.%d.%d"
                .formatted(random.nextInt(LEAST, BELOW), random.nextInt(LEAST, BELOW), random.nextInt(LEAST, BELOW));
        return canBeListenedOn(drawn) ? drawn : KNOWN;
    }

    private static boolean canBeListenedOn(String host) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
