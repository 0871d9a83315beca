package io.orderledger.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "micro")
final class MicroCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
