package io.orderledger.local.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smoke test finds nothing wrong with a run in order, and finds what is not. */
class SmokeIT {

    @TempDir
    private Path folder;

    @Test
    void passes_every_step_on_a_run_in_order_and_again() {
        try (TestInstance instance = TestInstance.start()) {
            for (int time = 0; time < 2; time++) {
                Result result = smoke(instance.run().instance().api().toString(), "30");

                assertThat(result.out()).contains("19 steps, 0 wrong").doesNotContain("WRONG");
                assertThat(result.exitCode()).isZero();
            }
            // Everything was sent twice or more, and two orders were placed and cancelled each time.
            assertThat(instance.query("select count(*) from ledger.event")).containsExactly("8");
        }
    }

    @Test
    void finds_that_answered_orders_go_to_a_bus_that_does_not_exist() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("api.yaml"), "\"EventBusName\":\"${OrderBus}\"", "\"EventBusName\":\"mistyped\"");
        try (TestInstance instance = TestInstance.start(sam)) {
            Result result = smoke(instance.run().instance().api().toString(), "2");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out().lines().filter(line -> line.startsWith("place ")))
                    .hasSize(3)
                    .allMatch(line -> line.contains(" ok "));
            assertThat(result.out().lines().filter(line -> line.startsWith("both orders arrive")))
                    .singleElement()
                    .asString()
                    .contains("WRONG", "is the bus that api.yaml names the rule's bus?");
        }
    }

    @Test
    void says_in_one_line_why_it_could_not_start() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        assertThat(CommandLineCalls.run("smoke", "--url", "http://127.0.0.1:" + closed))
                .satisfies(result -> {
                    assertThat(result.exitCode()).isEqualTo(2);
                    assertThat(result.err()).hasLineCount(1).contains("Nothing answers at http://127.0.0.1:" + closed);
                });
        assertThat(CommandLineCalls.run("smoke", "--url", "orders.example").err())
                .hasLineCount(1)
                .contains("--url must begin with");
        assertThat(CommandLineCalls.run("smoke", "--url", "https://orders.example", "--sigv4"))
                .satisfies(result -> {
                    assertThat(result.exitCode()).isEqualTo(2);
                    assertThat(result.err()).hasLineCount(1).contains("say it with --region");
                });
    }

    private static Result smoke(String url, String within) {
        return CommandLineCalls.run("smoke", "--url", url, "--within", within);
    }
}
