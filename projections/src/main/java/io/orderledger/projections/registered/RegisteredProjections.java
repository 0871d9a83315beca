package io.orderledger.projections.registered;

import io.orderledger.projections.Projection;
import io.orderledger.projections.customers.CustomerOrders;
import io.orderledger.projections.orders.FirstOrdersProjection;
import io.orderledger.projections.orders.OrdersProjection;
import io.orderledger.projections.sales.DailySales;
import io.orderledger.projections.sales.ItemSales;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All projections that this version of the code keeps current, old versions that other code may still read included. */
public final class RegisteredProjections {
    /** Whoever adds a projection adds it here. */
    public static final List<Projection> ALL = List.of(
            new OrdersProjection(),
            new FirstOrdersProjection(),
            new DailySales(),
            new CustomerOrders(),
            new ItemSales());

    private RegisteredProjections() {}

    /**
     * Finds a projection by what people call it.
     *
     * @param nameOrId such as {@code orders}, which means its newest version, or {@code orders_v1}
     */
    public static Optional<Projection> find(String nameOrId) {
        return ALL.stream()
                .filter(projection ->
                        projection.id().equals(nameOrId) || projection.name().equals(nameOrId))
                .max(Comparator.comparingInt(Projection::version));
    }
}
