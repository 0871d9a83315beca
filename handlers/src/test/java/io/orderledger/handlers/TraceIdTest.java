package io.orderledger.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TraceIdTest {
    private static final String ROOT = "1-67891233-abcdef012345678912345678";

    @BeforeEach
    @AfterEach
    void forget() {
        System.clearProperty(TraceId.PROPERTY);
    }

    @ParameterizedTest
    @CsvSource({
        "Root=" + ROOT,
        "Root=" + ROOT + ";Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=" + ROOT + ";Parent=53995c3f42cd8ad8;Sampled=0;Lineage=456f6a97:0",
        "Self=1-67891234-12456789abcdef012345678;Root=" + ROOT,
    })
    void is_the_root_of_the_header(String header) {
        assertThat(TraceId.of(Invocation.traced(header))).contains(ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Parent=53995c3f42cd8ad8", "Root=", "Root=1-6789 1233;Sampled=1", "Root=<script>"})
    void is_nothing_else_that_a_caller_may_have_sent(String header) {
        assertThat(TraceId.of(Invocation.traced(header))).isEmpty();
    }

    @Test
    void of_the_context_comes_before_that_of_the_process() {
        System.setProperty(TraceId.PROPERTY, "Root=1-00000000-000000000000000000000000");

        assertThat(TraceId.of(Invocation.lasting(Duration.ofSeconds(1)))).contains(ROOT);
    }

    @Test
    void of_the_process_is_taken_where_the_context_knows_none() {
        Context untold = Invocation.traced(null);
        assertThat(TraceId.of(untold)).isEmpty();

        System.setProperty(TraceId.PROPERTY, "Root=" + ROOT + ";Parent=53995c3f42cd8ad8;Sampled=1");

        assertThat(TraceId.of(untold)).contains(ROOT);
    }
}
