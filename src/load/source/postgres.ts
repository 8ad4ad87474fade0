import { ConfigError } from '../../errors.js';
import type { SqlClient, SqlSourceOptions } from './sql.js';

type Connect = Extract<SqlSourceOptions['client'], (...args: never) => unknown>;

/**
 * Connects to Postgres for each reading, for the `client` of a SQL source; the package `pg` must be installed. Using it throws E_SOURCE when it
 * is not, or when the server cannot be reached.
 *
 * @param connection a URL, as `postgres://user:password@host/database`
 */
export function postgresClient(connection: string): Connect {
  return async (use) => {
    const client = await openClient(connection);
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
}

interface PostgresClient extends SqlClient {
  readonly connect: () => Promise<unknown>;
  readonly end: () => Promise<void>;
}

type ClientClass = new (options: { readonly connectionString: string }) => PostgresClient;

async function openClient(connectionString: string): Promise<PostgresClient> {
  const PostgresClient = await loadClientClass();
  const client = new PostgresClient({ connectionString });
  try {
    await client.connect();
    return client;
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
