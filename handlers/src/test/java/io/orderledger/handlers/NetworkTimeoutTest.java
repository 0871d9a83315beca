package io.orderledger.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTimeoutTest {
    @Test
    void waits_follow_from_the_invocation_where_nothing_is_set() {
        assertThat(NetworkTimeout.from(Map.of())).isEmpty();
        assertThat(NetworkTimeout.from(Map.of("NETWORK_TIMEOUT_SECONDS", ""))).isEmpty();
    }

    @Test
    void a_number_of_seconds_takes_their_place() {
        assertThat(NetworkTimeout.from(Map.of("NETWORK_TIMEOUT_SECONDS", "600")))
                .contains(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "86401", "100000", "1.5", "for ever"})
    void a_setting_that_is_no_such_number_is_refused(String text) {
        assertThatIllegalStateException()
                .isThrownBy(() -> NetworkTimeout.from(Map.of("NETWORK_TIMEOUT_SECONDS", text)));
    }
}
