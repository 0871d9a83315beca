package io.orderledger.local.world;

import io.orderledger.local.definitions.Stack;
import io.orderledger.local.definitions.StackContext;
import io.orderledger.local.instance.LocalRun;
import java.nio.file.Path;
import java.util.Map;

/** What is deployed, read once. */
final class Definitions {
    static final Stack STACK = Stack.load(Path.of("..", "sam"), context());

    private Definitions() {}

    private static StackContext context() {
        return LocalRun.contextForReading(Map.of());
    }
}
