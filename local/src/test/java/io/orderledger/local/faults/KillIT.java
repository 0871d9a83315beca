package io.orderledger.local.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of load, of the database's server, of the local run, and of both. */
class KillIT {
    private static final int KILLS = Extent.of(4, 50);
    private static final int CLIENTS = 8;

    @TempDir
    private Path data;

    private enum Victim {
        POSTGRESQL("kill -9 of PostgreSQL"),
        RUN("kill -9 of the local run"),
        BOTH("kill -9 of PostgreSQL and the local run");

        private final String fault;

        Victim(String fault) {
            this.fault = fault;
        }
    }

    @Test
    void loses_and_doubles_nothing_whatever_is_killed() throws Exception {
        Random random = new Random();
        Map<Victim, Strikes> strikes = new EnumMap<>(Victim.class);
        for (Victim victim : Victim.values()) {
            strikes.put(victim, new Strikes(victim.fault));
        }
        Up up = Up.start(data);
        try {
            Clients clients = Clients.begin(CLIENTS, up.api());
            try (clients) {
                for (int kill = 0; kill < KILLS; kill++) {
                    clients.awaitAccepted(40 + random.nextInt(40));
                    Victim victim = Victim.values()[kill % Victim.values().length];
                    Up struck = up;
                    strikes.get(victim).strike(clients, data, () -> kill(struck, victim, random));
                    if (victim != Victim.POSTGRESQL) {
                        up = Up.start(data);
                        clients.pointTo(up.api());
                    }
                    strikes.get(victim).awaitRecovery(clients, data);
                }
            }
            Books.Outcome outcome = Books.close(clients, data);
            strikes.values().forEach(of -> of.report(outcome));
        } finally {
            up.close();
        }
    }

    private static void kill(Up up, Victim victim, Random random) throws IOException, InterruptedException {
        List<ProcessHandle> server = new ArrayList<>();
        if (victim != Victim.RUN) {
            ProcessHandle postmaster = up.postmaster().orElseThrow();
            server.add(postmaster);
            // Its sessions live on for a moment, or are killed, too.
            if (random.nextBoolean()) {
                postmaster.descendants().forEach(server::add);
            }
        }
        server.forEach(ProcessHandle::destroyForcibly);
        if (victim != Victim.POSTGRESQL) {
            up.kill();
        }
    }
}
