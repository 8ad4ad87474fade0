import { ConfigError } from '../../errors.js';
import type { Connect, SqlClient } from './sql.js';

/**
 * Connects to Postgres for each reading, for the `client` of a SQL source, and disconnects when the reading is over or given up; the package
 * `pg` must be installed. Using it throws E_SOURCE when it is not, or when the server cannot be reached.
 *
 * @param connection a URL, as `postgres://user:password@host/database`
 */
export function postgresClient(connection: string): Connect {
  return async (use, signal) => {
    const PostgresClient = await loadClientClass();
    const client = new PostgresClient({ connectionString: connection, connectionTimeoutMillis });
    let ended: Promise<void> | undefined;
    const end = (): Promise<void> => (ended ??= client.end());
    // A connection that ends takes the query with it that it waits for. What goes wrong then is told below.
    const abort = (): void => void end().catch(() => undefined);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await connect(client);
      signal.throwIfAborted();
      return await use(client);
    } finally {
      signal.removeEventListener('abort', abort);
      await end();
    }
  };
}

/** Nothing else ends an attempt to connect to an address where nobody answers. */
const connectionTimeoutMillis = 10_000;

interface PostgresClient extends SqlClient {
  readonly connect: () => Promise<unknown>;
  readonly end: () => Promise<void>;
}

type ClientClass = new (options: {
  readonly connectionString: string;
  readonly connectionTimeoutMillis: number;
}) => PostgresClient;

async function connect(client: PostgresClient): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new ConfigError('E_SOURCE', `cannot connect to Postgres (${code})`, { cause });
  }
}

/** Named by a variable, so that neither compiler nor bundler asks for a package that is optional. */
const packageName: string = 'pg';

async function loadClientClass(): Promise<ClientClass> {
  try {
    const loaded: unknown = await import(packageName);
    if (hasClient(loaded)) return loaded.Client;
    if (typeof loaded === 'object' && loaded !== null && 'default' in loaded && hasClient(loaded.default))
      return loaded.default.Client;
  } catch (cause) {
    throw missing(cause);
  }
  throw missing(undefined);
}

function hasClient(loaded: unknown): loaded is { readonly Client: ClientClass } {
  return (
    typeof loaded === 'object' && loaded !== null && 'Client' in loaded && typeof loaded.Client === 'function'
  );
}

function missing(cause: unknown): ConfigError {
  return new ConfigError('E_SOURCE', "reading from Postgres needs the package 'pg'", {
    hint: 'npm install pg',
    details: { final: true },
    cause,
  });
}
