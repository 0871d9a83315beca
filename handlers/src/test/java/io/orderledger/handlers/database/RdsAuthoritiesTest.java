package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The authorities that the functions trust with the cluster's certificate: Amazon RDS's, and nobody else's. */
class RdsAuthoritiesTest {
    private static final String NAME = "rds-authorities.pem";
    private static final Path FILE = Path.of("src", "lambda", NAME);

    @Test
    void are_roots_of_amazon_rds_that_stay_valid() throws Exception {
        Date inAYear = Date.from(Instant.now().plus(365, ChronoUnit.DAYS));
        Collection<X509Certificate> authorities = authorities();

        assertThat(new HashSet<>(authorities)).hasSameSizeAs(authorities).hasSizeGreaterThan(50);
        for (X509Certificate authority : authorities) {
            String subject = authority.getSubjectX500Principal().getName();
            authority.checkValidity(inAYear);
            authority.verify(authority.getPublicKey());
            assertThat(authority.getBasicConstraints()).as(subject).isGreaterThanOrEqualTo(0);
            assertThat(subject).contains("O=Amazon Web Services\\, Inc.", "OU=Amazon RDS");
        }
    }

    @Test
    void have_one_for_each_kind_of_key_in_a_region() throws Exception {
        List<String> names = authorities().stream()
                .map(authority -> authority.getSubjectX500Principal().getName())
                .toList();

        for (String region : List.of("us-east-1", "eu-central-1", "ap-southeast-2")) {
            assertThat(names).anyMatch(name -> name.contains("Amazon RDS " + region + " Root CA RSA2048 G1"));
            assertThat(names).anyMatch(name -> name.contains("Amazon RDS " + region + " Root CA RSA4096 G1"));
            assertThat(names).anyMatch(name -> name.contains("Amazon RDS " + region + " Root CA ECC384 G1"));
        }
    }

    @Test
    void are_named_in_the_templates_as_the_archive_has_them() throws Exception {
        for (String template : List.of("template.yaml", "database.yaml")) {
            assertThat(Pattern.compile("PGSSLROOTCERT: (.*)")
                            .matcher(Files.readString(Path.of("..", "sam", template)))
                            .results()
                            .map(match -> match.group(1)))
                    .as(template)
                    .containsExactly("/var/task/" + NAME);
        }
    }

    private static Collection<X509Certificate> authorities() throws Exception {
        try (InputStream file = Files.newInputStream(FILE)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(file).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }
}
