package io.orderledger.local.queues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoredMessageTest {

    @Test
    void is_hidden_no_longer_than_it_may_be_though_the_clock_was_put_back() {
        byte[] stored = """
                {"id":"m","receipts":[],"nextDeliveryMillis":7200000,"body":"b","attributes":{},"createdMillis":1,
                 "firstReceivedMillis":null,"receiveCount":0,"tracing":null}""".getBytes(UTF_8);

        assertThat(StoredMessage.decoded(stored, 30_000).nextDelivery()).isEqualTo(30_000);
        assertThat(StoredMessage.decoded(stored, 9_000_000).nextDelivery()).isEqualTo(7_200_000);
    }
}
