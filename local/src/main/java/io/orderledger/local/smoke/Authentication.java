package io.orderledger.local.smoke;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** How the caller proves who he is: by what he adds to a request's headers. Thread-safe. */
public sealed interface Authentication {

    /** The headers of a request that is about to be sent, with what proves the caller's identity. */
    Map<String, String> headers(String method, URI address, Map<String, String> headers, byte[] body);

    /** Nobody asks. */
    record None() implements Authentication {
        @Override
        public Map<String, String> headers(String method, URI address, Map<String, String> headers, byte[] body) {
            return headers;
        }
    }

    /** A token of a user pool, or whatever else the API's authorizer understands, as it is. */
    record Token(String authorization) implements Authentication {
        @Override
        public Map<String, String> headers(String method, URI address, Map<String, String> headers, byte[] body) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Authorization", authorization);
            return all;
        }

        /** Never shows the token. */
        @Override
        public String toString() {
            return "Token";
        }
    }

    /** AWS Signature Version 4, for an API with IAM authorisation. */
    record Signature(AwsCredentialsProvider credentials, String region) implements Authentication {
        private static final String SERVICE = "execute-api";
        private static final Pattern HOST = Pattern.compile("[^.]+\\.execute-api\\.([a-z0-9-]+)\\.amazonaws\\..*");

        /** The Region that an API's own address names; empty for a domain name of its owner's. */
        public static java.util.Optional<String> regionOf(URI address) {
            Matcher host = HOST.matcher(address.getHost());
            return host.matches() ? java.util.Optional.of(host.group(1)) : java.util.Optional.empty();
        }

        @Override
        public Map<String, String> headers(String method, URI address, Map<String, String> headers, byte[] body) {
            SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.fromValue(method))
                    .uri(address);
            headers.forEach(request::putHeader);
            SdkHttpRequest signed = AwsV4HttpSigner.create()
                    .sign(signing -> signing.identity(credentials.resolveCredentials())
                            .request(request.build())
                            .payload(ContentStreamProvider.fromByteArray(body))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region))
                    .request();
            Map<String, String> all = new LinkedHashMap<>();
            signed.headers().forEach((name, values) -> all.put(name, only(values)));
            // The HTTP client sends it by itself, the same.
            all.remove("Host");
            return all;
        }

        private static String only(List<String> values) {
            return String.join(",", values);
        }
    }
}
