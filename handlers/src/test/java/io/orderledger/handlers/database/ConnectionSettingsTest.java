package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "PGHOST", "proxy.example.com",
            "PGDATABASE", "orders",
            "PGUSER", "ledger_recorder",
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret key"));

    @Test
    void verifies_the_server_unless_told_otherwise() {
        ConnectionSettings settings = ConnectionSettings.from(environment);

        assertThat(settings.sslMode()).isEqualTo("verify-full");
        assertThat(settings.port()).isEqualTo(5432);
        assertThat(settings.password()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGHOST", "PGDATABASE", "PGUSER", "AWS_REGION"})
    void names_what_is_missing(String variable) {
        environment.put(variable, "");

        assertThatThrownBy(() -> ConnectionSettings.from(environment))
                .isInstanceOf(UnusableSetting.class)
                .hasMessageContaining(variable);
    }

    @ParameterizedTest
    @CsvSource({"PGPORT,0", "PGPORT,65536", "PGPORT,x", "PGSSLMODE,on"})
    void names_what_is_not_what_it_must_be(String variable, String value) {
        environment.put(variable, value);

        assertThatThrownBy(() -> ConnectionSettings.from(environment))
                .isInstanceOf(UnusableSetting.class)
                .hasMessageContaining(variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca"})
    void sends_no_token_to_a_server_that_is_not_verified(String sslMode) {
        environment.put("PGSSLMODE", sslMode);

        assertThatThrownBy(() -> ConnectionSettings.from(environment))
                .isInstanceOf(UnusableSetting.class)
                .hasMessageContaining("PGSSLMODE");
    }

    @Test
    void shows_no_password() {
        environment.put("PGPASSWORD", "hidden");

        assertThat(ConnectionSettings.from(environment).toString()).doesNotContain("hidden");
    }

    @Test
    void takes_the_password_when_there_is_one() {
        environment.put("PGPASSWORD", "hidden");

        assertThat(Passwords.from(ConnectionSettings.from(environment), environment)
                        .get())
                .isEqualTo("hidden");
    }

    /** The form: <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html">IAM</a>. */
    @Test
    void signs_a_token_for_the_host_the_port_and_the_user_without_asking_anybody() {
        String token = Passwords.from(ConnectionSettings.from(environment), environment)
                .get();

        URI signed = URI.create("https://" + token);
        Map<String, String> query = Stream.of(signed.getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
        assertThat(signed.getHost()).isEqualTo("proxy.example.com");
        assertThat(signed.getPort()).isEqualTo(5432);
        assertThat(query)
                .containsEntry("Action", "connect")
                .containsEntry("DBUser", "ledger_recorder")
                .containsEntry("X-Amz-Expires", "900")
                .containsKey("X-Amz-Signature");
        assertThat(query.get("X-Amz-Credential")).contains("/eu-west-1/rds-db/aws4_request");
    }
}
