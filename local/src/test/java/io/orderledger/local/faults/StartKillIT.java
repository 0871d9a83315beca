package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while everything is made for the first time: cluster, passwords, keys, schema. */
class StartKillIT {
    private static final int KILLS = Extent.of(3, 24);
    private static final int LATEST_MILLIS = 6_000;

    @TempDir
    private Path folder;

    @Test
    void starts_after_any_first_start_that_was_cut_off() throws Exception {
        Random random = new Random();
        Strikes strikes = new Strikes("kill -9 during the very first start");
        Books.Outcome last = new Books.Outcome(0, 0, 0, 0);
        int accepted = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path data = folder.resolve("data" + kill);
            int afterMillis = LATEST_MILLIS * kill / KILLS + random.nextInt(LATEST_MILLIS / KILLS);
            strikes.strike(() -> cutOff(data, afterMillis, random.nextBoolean()));
            try (Up up = Up.start(data)) {
                Clients clients = Clients.begin(1, up.api());
                try (clients) {
                    strikes.awaitRecovery(clients, data);
                }
                last = Books.close(clients, data);
                accepted += last.accepted();
            }
        }
        strikes.report(new Books.Outcome(accepted, last.lost(), last.doubled(), last.foreign()));
    }

    /** Kills the JVM, and with it, or not, whatever it has started. */
    private static void cutOff(Path data, int afterMillis, boolean alone) throws Exception {
        Up up = Up.begin(data, Map.of());
        Thread.sleep(afterMillis);
        up.kill();
        if (!alone) {
            List<ProcessHandle> children = ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .arguments()
                            .map(arguments -> List.of(arguments)
                                    .contains(data.resolve("postgres").toString()))
                            .orElse(false))
                    .toList();
            children.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
            children.forEach(ProcessHandle::destroyForcibly);
        }
        assertThat(up.isAlive()).isFalse();
    }
}
