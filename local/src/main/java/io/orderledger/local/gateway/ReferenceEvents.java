package io.orderledger.local.gateway;

import java.util.Arrays;
import java.util.Map;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.app.event.MethodExceptionEventHandler;
import org.apache.velocity.app.event.ReferenceInsertionEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.util.introspection.Info;
import org.jspecify.annotations.Nullable;

/**
 * What happens to references that lead nowhere, and to methods that fail. A reference to a missing value is empty text, as on API Gateway; one to a method or
 * property that does not exist is a mistake in the template and fails the request.
 */
final class ReferenceEvents
        implements ReferenceInsertionEventHandler, InvalidReferenceEventHandler, MethodExceptionEventHandler {

    /** Without this, Velocity would go on with nothing in place of what a method could not give. */
    @Override
    public Object methodException(Context context, Class<?> type, String method, Exception failure, Info info) {
        if (failure instanceof TemplateFailure known) {
            throw known;
        }
        String kind = failure.getClass().getSimpleName();
        throw new TemplateFailure(method + " failed in line " + info.getLine() + " (" + kind + ")", failure);
    }

    @Override
    public Object referenceInsert(Context context, String reference, @Nullable Object value) {
        return value == null ? "" : value;
    }

    @Override
    public @Nullable Object invalidGetMethod(
            Context context, String reference, @Nullable Object object, @Nullable String property, Info info) {
        if (object != null && property != null && !(object instanceof Map)) {
            throw new TemplateFailure("there is no property " + property + " in line " + info.getLine());
        }
        return null;
    }

    @Override
    public boolean invalidSetMethod(Context context, String left, String right, Info info) {
        return false;
    }

    /** Velocity asks this for a method that answered null, too. */
    @Override
    public @Nullable Object invalidMethod(
            Context context, String reference, @Nullable Object object, @Nullable String method, Info info) {
        if (object != null
                && Arrays.stream(object.getClass().getMethods())
                        .noneMatch(candidate -> candidate.getName().equals(method))) {
            throw new TemplateFailure("there is no method " + method + " in line " + info.getLine());
        }
        return null;
    }
}
