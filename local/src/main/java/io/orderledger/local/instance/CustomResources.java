package io.orderledger.local.instance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.WebServer;
import io.orderledger.local.database.LocalDatabase;
import io.orderledger.local.definitions.CustomResourceDefinition;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.InvocationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes a stack's custom resources as CloudFormation does: invokes the function with a URL, and waits for what the function puts
 * there. The start of an instance is a deployment, so this happens at every start; the functions are expected to do nothing when
 * there is nothing to do.
 */
final class CustomResources {
    private static final long ANSWER_TIMEOUT_SECONDS = 10;
    private static final JsonMapper JSON = new JsonMapper();

    private final FunctionInvoker functions;
    private final String stackId;

    CustomResources(FunctionInvoker functions, String stackId) {
        this.functions = functions;
        this.stackId = stackId;
    }

    /**
     * Makes one resource.
     *
     * @throws Failed if the function answers so, or not at all
     */
    void create(CustomResourceDefinition resource) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        WebServer receiver = receiver(answer);
        try {
            String responseUrl = "http://" + LocalDatabase.HOST + ":" + receiver.port() + "/answer";
            InvocationResult result = functions.invoke(
                    resource.serviceToken(),
                    request(resource, responseUrl).toString().getBytes(UTF_8));
            if (result instanceof InvocationResult.Failure && !answer.isDone()) {
                throw new Failed(resource, "its function failed without an answer; the log above says why");
            }
            demandSuccess(resource, answer.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new Failed(resource, "its function did not answer");
        } catch (ExecutionException e) {
            throw new Failed(resource, "its function's answer could not be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed(resource, "interrupted");
        } finally {
            receiver.stop();
        }
    }

    private static void demandSuccess(CustomResourceDefinition resource, JsonNode answer) {
        if (!answer.path("Status").asText().equals("SUCCESS")) {
            throw new Failed(resource, answer.path("Reason").asText("no reason given"));
        }
    }

    private ObjectNode request(CustomResourceDefinition resource, String responseUrl) {
        ObjectNode request = JSON.createObjectNode()
                .put("RequestType", "Create")
                .put("ServiceToken", resource.serviceToken())
                .put("ResponseURL", responseUrl)
                .put("StackId", stackId)
                .put("RequestId", UUID.randomUUID().toString())
                .put("ResourceType", resource.type())
                .put("LogicalResourceId", resource.logicalId());
        request.set("ResourceProperties", resource.properties());
        return request;
    }

    private static WebServer receiver(CompletableFuture<JsonNode> answer) {
        return WebServer.builder()
                .host(LocalDatabase.HOST)
                .port(0)
                .shutdownHook(false)
                .routing(routing -> routing.put("/answer", (request, response) -> {
                    try {
                        answer.complete(JSON.readTree(request.content().as(byte[].class)));
                    } catch (IOException e) {
                        answer.completeExceptionally(new UncheckedIOException(e));
                    }
                    response.send();
                }))
                .build()
                .start();
    }

    /** A resource could not be made, so the instance does not start; the message says which and why. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(CustomResourceDefinition resource, String reason) {
            super(resource.location() + ": " + resource.logicalId() + " failed: " + reason);
        }
    }
}
