package io.orderledger.local.services;

import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.functions.InvocationResult;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lambda's Invoke, in its REST protocol.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
final class LambdaApi {
    private static final Pattern INVOCATION =
            Pattern.compile("/2015-03-31/functions/([^/?]{1,512})/invocations(?:\\?.*)?");
    private static final String JSON = "application/json";
    private static final int ACCEPTED = 202;

    private final Functions functions;

    LambdaApi(Functions functions) {
        this.functions = functions;
    }

    static boolean isInvocation(Call call) {
        return call.method().equals("POST")
                && INVOCATION.matcher(call.pathAndQuery()).matches();
    }

    Reply answer(Call call) {
        Matcher path = INVOCATION.matcher(call.pathAndQuery());
        if (!path.matches()) {
            throw new IllegalArgumentException("not an invocation");
        }
        String name = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
        String type = call.header("x-amz-invocation-type").orElse("RequestResponse");
        try {
            String arn = functions.arnOf(name);
            return switch (type) {
                case "RequestResponse" -> reply(functions.invoke(arn, call.body()));
                case "Event" -> {
                    functions.invokeAsync(arn, call.body());
                    yield new Reply(ACCEPTED, JSON, Map.of(), new byte[0]);
                }
                default ->
                    error(
                            Reply.BAD_REQUEST,
                            "InvalidParameterValueException",
                            "X-Amz-Invocation-Type " + type + " is not supported here");
            };
        } catch (FunctionUnavailable e) {
            return error(status(e.reason()), e.reason().errorCode(), String.valueOf(e.getMessage()));
        }
    }

    private static Reply reply(InvocationResult result) {
        return switch (result) {
            case InvocationResult.Success success -> new Reply(Reply.OK, JSON, Map.of(), success.payload());
            case InvocationResult.Failure failure ->
                new Reply(Reply.OK, JSON, Map.of("X-Amz-Function-Error", "Unhandled"), failure.errorPayload());
        };
    }

    private static int status(FunctionUnavailable.Reason reason) {
        return switch (reason) {
            case NO_FUNCTION -> 404;
            case NO_PERMISSION -> Reply.FORBIDDEN;
            case THROTTLED -> 429;
            case REQUEST_TOO_LARGE -> Reply.TOO_LARGE;
        };
    }

    private static Reply error(int status, String type, String message) {
        Reply reply = Reply.error(status, JSON, type, message);
        return new Reply(status, JSON, Map.of("x-amzn-ErrorType", type), reply.body());
    }
}
