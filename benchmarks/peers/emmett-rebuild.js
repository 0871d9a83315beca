// Rebuilds a list of orders from the events in the database of EMMETT_DATABASE_URL by Emmett's own rebuild, and prints the seconds as JSON.
// With two arguments: events a batch, and the pause after each in milliseconds; otherwise Emmett's own.
import { SQL } from '@event-driven-io/dumbo';
import { postgreSQLRawSQLProjection, rebuildPostgreSQLProjections } from '@event-driven-io/emmett-postgresql';

const connectionString = process.env.EMMETT_DATABASE_URL;
if (!connectionString) {
  throw new Error('EMMETT_DATABASE_URL is not set');
}

const total = (items) => items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0);

// The columns and indexes of projection.orders_v1. The order's ID is the stream's name.
const orders = postgreSQLRawSQLProjection({
  name: 'orders',
  canHandle: ['OrderPlaced', 'OrderCancelled'],
  init: () => [
    SQL`create table if not exists orders (
      order_id text primary key, status text not null, customer_id text not null, currency text not null, total bigint not null,
      items jsonb not null, version bigint not null, placings integer not null)`,
    SQL`create index if not exists orders_by_customer on orders (customer_id, order_id desc)`,
    SQL`create index if not exists orders_by_status on orders (status, order_id desc)`,
  ],
  evolve: ({ type, data, metadata }) => {
    const version = Number(metadata.streamPosition);
    return type === 'OrderPlaced'
      ? SQL`insert into orders (order_id, status, customer_id, currency, total, items, version, placings)
          values (${metadata.streamName}, 'PLACED', ${data.customer.id}, ${data.currency}, ${total(data.items)},
            ${JSON.stringify(data.items)}::jsonb, ${version}, 1)
          on conflict (order_id) do update set placings = orders.placings + 1, version = excluded.version`
      : SQL`update orders set status = 'CANCELLED', version = ${version} where order_id = ${metadata.streamName}`;
  },
});

const [batchSize, pullingFrequencyInMs] = process.argv.slice(2).map(Number);
const pulling = batchSize ? { batchSize, pullingFrequencyInMs } : undefined;
const consumer = rebuildPostgreSQLProjections({ connectionString, projections: [orders], pulling });
const begin = process.hrtime.bigint();
try {
  await consumer.start();
  console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - begin) / 1e9 }));
} finally {
  await consumer.close();
}
