package io.orderledger.local.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, by what a request says of itself. */
class AccessRulesTest {
    private static final String HOST = "127.0.0.1:8080";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]", "[::1]:65535"})
    void programs_of_this_machine_are_let_in_by_its_names(String host) {
        assertThat(AccessRules.loopback().denial(asked("POST", host))).isEmpty();
        assertThat(AccessRules.programs().denial(asked("POST", host))).isEmpty();
        assertThat(AccessRules.programs().denial(asked("POST", "sync-" + host))).isEmpty();
    }

    /** Each may be pointed at 127.0.0.1 by whoever owns the name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example:8080",
                "localhost.",
                "127.0.0.1:8080:80",
                "localhost@evil.example",
                "192.168.1.7",
                "2130706433",
                "[::ffff:127.0.0.1]"
            })
    void other_names_are_refused_even_for_reading(String host) {
        assertThat(AccessRules.loopback().denial(asked("GET", host))).contains(Denial.OTHER_HOST);
        assertThat(AccessRules.programs().denial(asked("POST", host))).contains(Denial.OTHER_HOST);
    }

    @Test
    void a_request_for_no_host_or_for_two_is_refused() {
        Asked none = new Asked("GET", List.of(), List.of(), List.of(), false);
        Asked two = new Asked("GET", List.of(HOST, "evil.example"), List.of(), List.of(), false);

        assertThat(AccessRules.loopback().denial(none)).contains(Denial.OTHER_HOST);
        assertThat(AccessRules.loopback().denial(two)).contains(Denial.OTHER_HOST);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, https://evil.example, true",
        "HEAD, https://evil.example, true",
        "OPTIONS, https://evil.example, true",
        "POST, https://evil.example, false",
        "PUT, https://evil.example, false",
        "DELETE, https://evil.example, false",
        "PATCH, https://evil.example, false",
        "QUERY, https://evil.example, false",
        "POST, null, false",
        "POST, '', false",
        "POST, http://127.0.0.1:8081, false",
        "POST, http://127.0.0.1, false",
        "POST, http://127.0.0.1:8080.evil.example, false",
        "POST, http://127.0.0.1:8080, true",
        "POST, https://127.0.0.1:8080, true"
    })
    void pages_of_other_origins_may_not_write(String method, String origin, boolean letIn) {
        Optional<Denial> denial = AccessRules.loopback().denial(asked(method, HOST, origin));

        assertThat(denial).isEqualTo(letIn ? Optional.empty() : Optional.of(Denial.OTHER_ORIGIN));
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example, https://shop.example, true",
        "https://shop.example, https://shop.example.evil.example, false",
        "https://shop.example, http://shop.example, false",
        "https://shop.example, null, false",
        "*, https://anybody.example, true",
        "'', '', false"
    })
    void pages_of_the_allowed_origin_may_write(String allowed, String origin, boolean letIn) {
        AccessRules rules = AccessRules.loopback().writableFrom(allowed);

        assertThat(rules.denial(asked("POST", HOST, origin)).isEmpty()).isEqualTo(letIn);
    }

    @Test
    void two_origins_are_none_of_ours() {
        Asked asked =
                new Asked("POST", List.of(HOST), List.of("http://" + HOST, "https://evil.example"), List.of(), true);

        assertThat(AccessRules.loopback().denial(asked)).contains(Denial.OTHER_ORIGIN);
    }

    @Test
    void what_is_for_programs_serves_no_page_not_even_for_reading() {
        assertThat(AccessRules.programs().denial(asked("GET", HOST, "http://" + HOST)))
                .contains(Denial.WEB_PAGE);
        assertThat(AccessRules.programs().denial(new Asked("GET", List.of(HOST), List.of(), List.of(), true)))
                .contains(Denial.WEB_PAGE);
    }

    @Test
    void on_loopback_nobody_needs_a_token_and_none_is_drawn() {
        for (String host : List.of("127.0.0.1", "localhost", "127.0.0.2", "::1")) {
            Listener listener = new Exposure(host, Optional.empty(), Set.of()).listener(8080, folder, "");
            URI uri = listener.uri(8080);

            assertThat(listener.rules().token()).isEmpty();
            assertThat(listener.rules().denial(asked("GET", uri.getAuthority())))
                    .isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void beyond_loopback_a_token_is_drawn_once_for_its_owner(String host) throws Exception {
        Exposure exposure = new Exposure(host, Optional.empty(), Set.of("orders.internal"));

        AccessRules rules = exposure.listener(8080, folder, "").rules();
        AccessRules again = exposure.listener(8080, folder, "").rules();

        Path file = folder.resolve("access-token");
        String token = Files.readString(file).strip();
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        for (AccessRules each : List.of(rules, again)) {
            for (String name : List.of("192.0.2.1:8080", "[2001:db8::1]", "127.0.0.1", "orders.internal:8080")) {
                assertThat(each.denial(asked("GET", name))).contains(Denial.NO_TOKEN);
                assertThat(each.denial(bringing("GET", name, "Bearer " + token)))
                        .isEmpty();
            }
            assertThat(each.denial(bringing("GET", "evil.example", "Bearer " + token)))
                    .contains(Denial.OTHER_HOST);
            assertThat(each.toString()).doesNotContain(token);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Basic TOKEN",
                "TOKEN",
                "Bearer TOKENx",
                "Bearer TOKEN TOKEN",
                "Bearer\tTOKEN"
            })
    void anything_but_the_token_is_refused(String authorization) {
        AccessRules rules = new Exposure("0.0.0.0", Optional.empty(), Set.of())
                .listener(0, folder, "")
                .rules();
        String token = rules.token().orElseThrow().text();

        assertThat(rules.denial(bringing("POST", HOST, authorization.replace("TOKEN", token))))
                .contains(Denial.NO_TOKEN);
        assertThat(rules.denial(bringing("POST", HOST, "bearer " + token))).isEmpty();
    }

    @Test
    void a_token_that_is_brought_twice_is_refused() {
        AccessRules rules = new Exposure("0.0.0.0", Optional.empty(), Set.of())
                .listener(0, folder, "")
                .rules();
        String bearer = "Bearer " + rules.token().orElseThrow().text();

        assertThat(rules.denial(new Asked("GET", List.of(HOST), List.of(), List.of("Bearer x", bearer), false)))
                .contains(Denial.NO_TOKEN);
    }

    @Test
    void a_given_token_is_demanded_on_loopback_too() throws Exception {
        Path file = Files.writeString(folder.resolve("given"), "a-token-of-my-own\n");

        AccessRules rules = new Exposure("127.0.0.1", Optional.of(file), Set.of())
                .listener(0, folder, "")
                .rules();

        assertThat(rules.denial(asked("GET", HOST))).contains(Denial.NO_TOKEN);
        assertThat(rules.denial(bringing("GET", HOST, "Bearer a-token-of-my-own")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "too-short",
                "with a space in it",
                "0123456789abcdef\n0123456789abcdef",
                "0123456789abcd\u00E9"
            })
    void a_file_without_a_token_is_said_so_and_not_shown(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("given"), content);
        Exposure exposure = new Exposure("0.0.0.0", Optional.of(file), Set.of());

        Assertions.assertThatExceptionOfType(AccessToken.Unusable.class)
                .isThrownBy(() -> exposure.listener(0, folder, ""))
                .withMessageContaining(file.toString())
                .satisfies(e -> {
                    if (!content.isBlank()) {
                        assertThat(e).message().doesNotContain(content.strip());
                    }
                });
    }

    @Test
    void a_name_without_an_address_is_said_so() {
        Exposure exposure = new Exposure("[no-address]", Optional.empty(), Set.of());

        Assertions.assertThatExceptionOfType(Exposure.UnknownHost.class)
                .isThrownBy(() -> exposure.listener(0, folder, ""))
                .withMessage("--listen [no-address]: no such name or address");
    }

    @Test
    void every_address_is_reached_from_this_machine_by_loopback() throws Exception {
        Listener all = new Listener(InetAddress.getByName("0.0.0.0"), 0, AccessRules.loopback());
        Listener six = new Listener(InetAddress.getByName("2001:db8::1"), 0, AccessRules.loopback());

        assertThat(all.uri(80).getHost()).isIn("127.0.0.1", "localhost");
        assertThat(six.uri(80)).hasToString("http://[2001:db8:0:0:0:0:0:1]:80");
    }

    private static Asked asked(String method, String host) {
        return new Asked(method, List.of(host), List.of(), List.of(), false);
    }

    private static Asked asked(String method, String host, String origin) {
        return new Asked(method, List.of(host), List.of(origin), List.of(), true);
    }

    private static Asked bringing(String method, String host, String authorization) {
        return new Asked(method, List.of(host), List.of(), List.of(authorization), false);
    }
}
