package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.InvocationResult;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code aws_proxy}: the request as an event to a function, whose answer is the response. Thread-safe. */
final class FunctionBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionBackend.class);
    private static final String SERVICE = "apigateway.amazonaws.com";

    private final Integration.FunctionCall call;
    private final String sourceArn;
    private final Stack stack;
    private final FunctionInvoker functions;
    private final ExecutorService executor;

    FunctionBackend(
            Integration.FunctionCall call,
            Route route,
            Stack stack,
            FunctionInvoker functions,
            ExecutorService executor) {
        this.call = call;
        this.sourceArn = sourceArn(route, stack);
        this.stack = stack;
        this.functions = functions;
        this.executor = executor;
    }

    /** Variables of the path are {@code *} in a permission's source ARN. */
    private static String sourceArn(Route route, Stack stack) {
        return stack.api().arn() + "/" + stack.api().stage() + "/" + route.method()
                + route.path().replaceAll("\\{[^}]*}", "*");
    }

    @Override
    public GatewayAnswer serve(Exchange exchange, String body) {
        if (!stack.mayInvoke(call.functionArn(), SERVICE, sourceArn)) {
            LOG.error(
                    "{}: no AWS::Lambda::Permission lets {} invoke {} for {}",
                    call.location(),
                    SERVICE,
                    call.functionArn(),
                    sourceArn);
            throw new Refusal(ResponseType.API_CONFIGURATION_ERROR);
        }
        return switch (invoke(ProxyEvent.of(exchange, body))) {
            case InvocationResult.Success success -> ProxyAnswer.read(success.payload());
            case InvocationResult.Failure _ -> throw new Refusal(ResponseType.MALFORMED_PROXY_RESPONSE);
        };
    }

    private InvocationResult invoke(byte[] event) {
        Future<InvocationResult> running = executor.submit(() -> functions.invoke(call.functionArn(), event));
        try {
            return running.get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The function runs on, as it does on AWS; only the caller stops waiting.
            throw new Refusal(ResponseType.INTEGRATION_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(ResponseType.INTEGRATION_FAILURE);
        } catch (ExecutionException e) {
            throw refusal(e);
        }
    }

    private Refusal refusal(ExecutionException failure) {
        if (failure.getCause() instanceof FunctionUnavailable unavailable) {
            LOG.error("{}: {}", call.location(), unavailable.getMessage());
        } else {
            LOG.error("{}: the function could not be invoked", call.location(), failure);
        }
        return new Refusal(ResponseType.API_CONFIGURATION_ERROR);
    }
}
