package io.orderledger.handlers.heads;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a bucket with versions holds, in the order in which S3 lists it: by key, the newest version first. Thread-safe. */
final class BucketContent {
    static final int MAX_PAGE = 1000;

    private final NavigableMap<String, Deque<Version>> keys = new TreeMap<>();
    private long counter;

    /** A version of a key, or a delete marker, which has no body. */
    record Version(String key, String id, boolean isMarker, String body) {}

    /** Adds a version; empty if there had to be none, and there is one that is no delete marker. */
    synchronized Optional<String> put(String key, String body, boolean ifNone) {
        Deque<Version> versions = keys.computeIfAbsent(key, any -> new ArrayDeque<>());
        if (ifNone && !versions.isEmpty() && !versions.getFirst().isMarker()) {
            return Optional.empty();
        }
        return Optional.of(add(key, false, body, versions));
    }

    /** Adds a delete marker. */
    synchronized String mark(String key) {
        return add(key, true, "", keys.computeIfAbsent(key, any -> new ArrayDeque<>()));
    }

    synchronized Optional<Version> find(String key, String id) {
        return keys.getOrDefault(key, new ArrayDeque<>()).stream()
                .filter(version -> version.id().equals(id))
                .findFirst();
    }

    /** The newest version, if the key has one and it is no delete marker: what a copy of the bucket gets. */
    synchronized Optional<String> current(String key) {
        return Optional.ofNullable(keys.get(key))
                .map(Deque::getFirst)
                .filter(version -> !version.isMarker())
                .map(Version::body);
    }

    synchronized List<String> keys() {
        return List.copyOf(keys.keySet());
    }

    synchronized int versions(String key) {
        return keys.getOrDefault(key, new ArrayDeque<>()).size();
    }

    /** Versions and markers after a key, or after a version of it. */
    synchronized List<Version> list(String prefix, String afterKey, String afterVersion, int most) {
        List<Version> found = new ArrayList<>();
        for (Deque<Version> versions :
                keys.tailMap(afterKey, !afterVersion.isEmpty()).values()) {
            boolean started =
                    afterVersion.isEmpty() || !versions.getFirst().key().equals(afterKey);
            for (Version version : versions) {
                if (started && version.key().startsWith(prefix)) {
                    found.add(version);
                    if (found.size() == most) {
                        return found;
                    }
                }
                started |= version.id().equals(afterVersion);
            }
        }
        return found;
    }

    private String add(String key, boolean marker, String body, Deque<Version> versions) {
        Version version = new Version(key, "v" + ++counter, marker, body);
        versions.addFirst(version);
        return version.id();
    }
}
