package io.orderledger.local.functions;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.FunctionDefinition;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the handler objects of one function, each with the function's environment. */
final class HandlerFactory {

    private final Constructor<? extends RequestStreamHandler> constructor;
    private final Map<String, String> environment;

    private HandlerFactory(Constructor<? extends RequestStreamHandler> constructor, Map<String, String> environment) {
        this.constructor = constructor;
        this.environment = environment;
    }

    /**
     * Finds the handler class.
     *
     * @param additions variables that the local run adds; they win over the template's
     * @throws DefinitionException where the class cannot be run here
     */
    static HandlerFactory of(FunctionDefinition function, Map<String, String> additions) {
        try {
            Class<?> type = Class.forName(function.handler());
            if (!RequestStreamHandler.class.isAssignableFrom(type)) {
                throw new DefinitionException(
                        function.location(), function.handler() + " is not a RequestStreamHandler");
            }
            return new HandlerFactory(
                    type.asSubclass(RequestStreamHandler.class).getConstructor(Map.class),
                    environment(function, additions));
        } catch (ClassNotFoundException e) {
            throw new DefinitionException(
                    function.location(), "the handler class " + function.handler() + " is not on the class path");
        } catch (NoSuchMethodException e) {
            throw new DefinitionException(
                    function.location(),
                    function.handler()
                            + " has no public constructor that takes its environment, a Map<String, String>");
        }
    }

    /** A new handler: what Lambda does when it initialises an execution environment. Throws what its constructor threw. */
    RequestStreamHandler handler() throws Throwable {
        try {
            return constructor.newInstance(environment);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Map<String, String> environment(FunctionDefinition function, Map<String, String> additions) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", InvocationContext.LATEST);
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        environment.put("_HANDLER", function.handler());
        environment.putAll(function.environment());
        environment.putAll(additions);
        return Map.copyOf(environment);
    }
}
