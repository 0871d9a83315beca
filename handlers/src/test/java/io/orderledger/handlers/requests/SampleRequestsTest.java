package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleRequestsTest {
    @Test
    void rehearsals_read_valid_requests_of_the_newest_version() {
        assertRead(RequestKind.PLACEMENT, SampleRequests.placement());
        assertRead(RequestKind.CANCELLATION, SampleRequests.cancellation());
    }

    private static void assertRead(RequestKind kind, byte[] sample) {
        assertThat(RequestReader.read(sample, EnumSet.of(kind), Optional.empty()))
                .isInstanceOfSatisfying(Reading.Valid.class, reading -> {
                    assertThat((int) reading.event().schemaVersion()).isEqualTo(kind.newestSchemaVersion());
                    assertThat(reading.event().personalData()).isPresent();
                });
    }
}
