package io.orderledger.local.cli;

import io.orderledger.projections.Projection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.stream.Collectors;

/** Finds the projection that a user names. */
final class NamedProjection {
    private NamedProjection() {}

    /** A name means the newest version that this code has; {@code orders_v1} means that one. */
    static Projection of(String name) {
        return RegisteredProjections.find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no projection " + name + "; there are "
                        + RegisteredProjections.ALL.stream().map(Projection::id).collect(Collectors.joining(", "))));
    }
}
