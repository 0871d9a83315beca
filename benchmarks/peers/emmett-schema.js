// Makes Emmett's schema in the database of EMMETT_DATABASE_URL, by Emmett's own migrations.
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

const url = process.env.EMMETT_DATABASE_URL;
if (!url) {
  throw new Error('EMMETT_DATABASE_URL is not set');
}
const store = getPostgreSQLEventStore(url);
try {
  await store.schema.migrate();
} finally {
  await store.close();
}
