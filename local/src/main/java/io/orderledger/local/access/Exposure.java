package io.orderledger.local.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where the API listens, as the user says it.
 *
 * @param host a name or address of this machine; where it is not loopback's, everybody has to bring a token
 * @param tokenFile has the token; where it is given, the token is demanded on loopback too
 * @param names by which clients call this machine, beside its addresses
 */
public record Exposure(String host, Optional<Path> tokenFile, Set<String> names) {
    /** What is for this machine only, and asks for nothing. */
    public static final Exposure LOOPBACK = new Exposure("127.0.0.1", Optional.empty(), Set.of());

    public Exposure {
        names = Set.copyOf(names);
    }

    /**
     * Finds the address and the token, which is drawn where one is needed and none is given.
     *
     * @param folder where a drawn token is kept
     * @param port 0 for any that is free
     * @param writingOrigin whose pages may write; empty for none
     * @throws AccessToken.Unusable if the file has no token
     * @throws UnknownHost if the host has no address
     */
    public Listener listener(int port, Path folder, String writingOrigin) {
        InetAddress address = address();
        AccessRules rules = AccessRules.loopback().writableFrom(writingOrigin);
        Optional<AccessToken> token = tokenFile
                .map(AccessToken::in)
                .or(() -> address.isLoopbackAddress() ? Optional.empty() : Optional.of(AccessToken.drawnIn(folder)));
        return new Listener(
                address, port, token.map(rules::openedBy).orElse(rules).named(ownNames(address)));
    }

    /** One line for people: who can reach it, and where the token is. */
    public String describe(int port, Path folder) {
        boolean loopback = address().isLoopbackAddress();
        Optional<Path> file =
                tokenFile.or(() -> loopback ? Optional.empty() : Optional.of(folder.resolve(AccessToken.FILE)));
        return host + ":" + port + (loopback ? ", for this machine" : ", for everybody who reaches it")
                + file.map(path -> "; every request needs Authorization: Bearer and the token in " + path)
                        .orElse(" without a token");
    }

    private Set<String> ownNames(InetAddress address) {
        Set<String> own = new HashSet<>(names);
        own.add(Listener.inUri(address, host));
        own.add(Listener.inUri(address, address.getHostAddress()));
        return own;
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UnknownHost(host);
        }
    }

    /** The host to listen on has no address. Give one of this machine. */
    public static final class UnknownHost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownHost(String host) {
            super("--listen " + host + ": no such name or address");
        }
    }
}
