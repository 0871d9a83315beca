package io.orderledger.local.instance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.AlreadyExistsException;

/**
 * One address for all of AWS. What CloudFormation and STS would say of a stack is answered here, in their protocol; everything else goes on to
 * the running instance, which answers for Lambda.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html">DescribeStacks</a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
 */
final class StackStandIn implements AutoCloseable {
    static final String NAME = "shop";
    static final String WITHOUT_OUTPUTS = "something-else";
    static final String CALLER = "arn:aws:sts::111122223333:assumed-role/operator/ann";

    private final Map<String, String> outputs;
    private final URI services;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    StackStandIn(Instance instance) throws IOException {
        this.outputs = instance.functions().entrySet().stream()
                .filter(function -> function.getKey().endsWith("Function"))
                .collect(Collectors.toMap(function -> function.getKey() + "Name", Map.Entry::getValue));
        this.services = instance.services();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes the same stacks in a server that speaks CloudFormation. */
    void createIn(String endpoint) {
        try (CloudFormationClient cloudFormation = CloudFormationClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            create(cloudFormation, NAME, outputs);
            create(cloudFormation, WITHOUT_OUTPUTS, Map.of("Other", "value"));
        }
    }

    private static void create(CloudFormationClient cloudFormation, String name, Map<String, String> outputs) {
        String template = outputs.entrySet().stream()
                .map(output -> "\"%s\":{\"Value\":\"%s\"}".formatted(output.getKey(), output.getValue()))
                .collect(Collectors.joining(
                        ",", "{\"Resources\":{\"Queue\":{\"Type\":\"AWS::SQS::Queue\"}},\"Outputs\":{", "}}"));
        try {
            cloudFormation.createStack(stack -> stack.stackName(name).templateBody(template));
        } catch (AlreadyExistsException e) {
            cloudFormation.updateStack(stack -> stack.stackName(name).templateBody(template));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String form = new String(body, StandardCharsets.UTF_8);
        if (form.contains("Action=DescribeStacks")) {
            describeStacks(exchange, form);
        } else if (form.contains("Action=GetCallerIdentity")) {
            send(exchange, 200, """
                    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
                    <Arn>%s</Arn><UserId>AROA:ann</UserId><Account>111122223333</Account></GetCallerIdentityResult>
                    <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>""".formatted(CALLER));
        } else {
            forward(exchange, body);
        }
    }

    private void describeStacks(HttpExchange exchange, String form) throws IOException {
        List<String> fields = List.of(form.split("&", -1));
        boolean withOutputs = fields.contains("StackName=" + NAME);
        if (!withOutputs && !fields.contains("StackName=" + WITHOUT_OUTPUTS)) {
            send(exchange, 400, """
                    <ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
                    <Code>ValidationError</Code><Message>Stack with id another does not exist</Message></Error>
                    <RequestId>1</RequestId></ErrorResponse>""");
            return;
        }
        String members = (withOutputs ? outputs : Map.<String, String>of())
                .entrySet().stream()
                        .map(output -> "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>"
                                .formatted(output.getKey(), output.getValue()))
                        .collect(Collectors.joining());
        send(exchange, 200, """
                <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
                <StackName>%s</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-20T12:00:00Z</CreationTime>
                <Outputs>%s</Outputs></member></Stacks></DescribeStacksResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
                </DescribeStacksResponse>""".formatted(NAME, members));
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(services.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Content-Type", "X-Amz-Target", "X-Amz-Invocation-Type")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            response.headers()
                    .firstValue("X-Amz-Function-Error")
                    .ifPresent(error -> exchange.getResponseHeaders().set("X-Amz-Function-Error", error));
            send(exchange, response.statusCode(), response.body(), "application/json");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send(exchange, 503, "");
        }
    }

    private static void send(HttpExchange exchange, int status, String xml) throws IOException {
        send(exchange, status, xml.getBytes(StandardCharsets.UTF_8), "text/xml");
    }

    private static void send(HttpExchange exchange, int status, byte @Nullable [] body, String type)
            throws IOException {
        byte[] bytes = body == null ? new byte[0] : body;
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
