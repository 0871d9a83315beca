package io.orderledger.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs the same work on several threads that begin at the same moment. */
final class Concurrently {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Concurrently() {}

    /** The results in the order of the threads' numbers; the first failure fails the test. */
    static <T> List<T> run(int threads, IntFunction<Callable<T>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Callable<T> task = work.apply(thread);
                running.add(executor.submit(() -> {
                    start.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> task : running) {
                results.add(task.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        }
    }
}
