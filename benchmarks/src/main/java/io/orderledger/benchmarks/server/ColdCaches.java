package io.orderledger.benchmarks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Takes files out of the operating system's cache. Stateless. */
public final class ColdCaches {
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final long SYNC_SECONDS = 120;

    /** What was done. */
    public static final String DROPPED = "server restarted, the operating system's cache dropped";

    /** What was done where this process may not do more. */
    public static final String RESTARTED = "server restarted; the operating system's cache could not be dropped";

    private ColdCaches() {}

    /**
     * Drops the operating system's cache of files, which only root on Linux may. The server must be stopped meanwhile, or its own buffers
     * stay.
     *
     * @return what is cold now: {@link #DROPPED} or {@link #RESTARTED}
     */
    public static String drop() throws InterruptedException {
        if (!Files.isWritable(DROP_CACHES)) {
            return RESTARTED;
        }
        try {
            // Pages that are not on disk yet cannot be dropped.
            Process sync = new ProcessBuilder("sync").inheritIO().start();
            if (!sync.waitFor(SYNC_SECONDS, TimeUnit.SECONDS) || sync.exitValue() != 0) {
                return RESTARTED;
            }
            Files.write(DROP_CACHES, "3".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
            return DROPPED;
        } catch (IOException refused) {
            return RESTARTED;
        }
    }
}
