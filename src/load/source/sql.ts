import { formatKeyPath, parseKeyPath, type ConfigObject, type ConfigValue } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import type { ConfigSource } from './types.js';

/** A connection to a database, as `pg` and PGlite have one. */
export interface SqlClient {
  readonly query: (text: string, parameters: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;
}

/** Where the rows of a database source come from. */
export interface SqlSourceOptions extends Omit<ConfigSource, 'read' | 'fallback' | 'kind'> {
  /**
   * A connection that is open, or what opens one, uses it once and closes it: also when `signal` is aborted, since nobody waits for the
   * answer any more (the source took too long, or what reads it was closed). A connection that is open cannot be told that: what nobody
   * waits for runs on, and nothing else is asked until it has ended.
   */
  readonly client: SqlClient | Connect;
  /** Gives rows with the columns `key` (a key path) and `value` (text, or JSON). */
  readonly query: string;
  /** The values of `$1`, `$2` … */
  readonly parameters?: readonly string[];
  /** How often it is worth asking again, in milliseconds. Default 30000. */
  readonly everyMs?: number;
}

/** Opens a connection for one use. */
export type Connect = (use: UseClient, signal: AbortSignal) => ReturnType<UseClient>;
type UseClient = (client: SqlClient) => ReturnType<SqlClient['query']>;

/**
 * Keys and values from a table. Texts take the type of what they override, unless some value is JSON, as `jsonb` columns have
 * it; then every value is what it is. Reading throws E_SOURCE when the database fails or gives other columns, E_INVALID when a key is
 * set twice or inside of another.
 */
export function sqlSource(options: SqlSourceOptions): ConfigSource {
  const { client, query, parameters = [], everyMs = 30_000, ...common } = options;
  const { name } = common;
  const ask: UseClient = (open) => open.query(query, [...parameters]);
  const connect = typeof client === 'function' ? client : oneAtATime(client);
  return {
    ...common,
    kind: 'sql',
    read: async ({ look, signal }) => {
      look({ kind: 'remote', source: name, everyMs });
      const { rows } = await connect(ask, signal);
      const entries = rows.map((row) => entryOf(row, name));
      const textOnly = entries.every(({ value }) => value === null || typeof value === 'string');
      return { documents: [{ name, value: mapOf(entries, name), textOnly }] };
    },
  };
}

/** An open connection, on which a query that was given up is waited for before the next one: attempts do not pile up in the database. */
function oneAtATime(client: SqlClient): Connect {
  let givenUp: Promise<unknown> = Promise.resolve();
  return async (use, signal) => {
    await givenUp;
    signal.throwIfAborted();
    const answer = use(client);
    const giveUp = (): void => {
      givenUp = answer.catch(() => undefined);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
}

interface Entry {
  readonly key: string;
  readonly value: ConfigValue;
}

function entryOf(row: unknown, name: string): Entry {
  if (
    typeof row === 'object' &&
    row !== null &&
    'key' in row &&
    'value' in row &&
    typeof row.key === 'string'
  )
    return { key: row.key, value: valueOf(row.value, row.key, name) };
  throw new ConfigError('E_SOURCE', `the query of '${name}' gives no columns 'key' and 'value'`, {
    hint: 'as in: select name as key, content as value from settings',
    details: { final: true },
  });
}

function valueOf(value: unknown, key: string, name: string): ConfigValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => valueOf(item, key, name));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [field, valueOf(inner, key, name)]),
    );
  throw new ConfigError('E_SOURCE', `'${name}' has a value at '${key}' that is neither text nor JSON`, {
    details: { final: true },
  });
}

/** What rows say under a key: a value, or more keys. */
type Branch = Map<string, Branch | { readonly value: ConfigValue }>;

function mapOf(entries: readonly Entry[], name: string): ConfigObject {
  const root: Branch = new Map();
  for (const { key, value } of entries) {
    const path = parseKeyPath(key).map((step) => (typeof step === 'object' ? undefined : String(step)));
    const steps = path.filter((step) => step !== undefined);
    if (steps.length === 0 || steps.length < path.length)
      throw new ConfigError('E_INVALID', `'${name}' has the key '${key}', which is no path of names`, {
        hint: 'as in db.pool.max',
      });
    if (!plant(root, steps, value))
      throw new ConfigError(
        'E_INVALID',
        `'${name}' sets '${formatKeyPath(steps)}' twice, or a key inside of it too`,
      );
  }
  return objectOf(root);
}

/** False where something stands already. */
function plant(root: Branch, steps: readonly string[], value: ConfigValue): boolean {
  let branch = root;
  for (const step of steps.slice(0, -1)) {
    const inner = branch.get(step) ?? new Map();
    if (!(inner instanceof Map)) return false;
    branch.set(step, inner);
    branch = inner;
  }
  const last = steps.at(-1) ?? '';
  if (branch.has(last)) return false;
  branch.set(last, { value });
  return true;
}

function objectOf(branch: Branch): ConfigObject {
  return Object.fromEntries(
    [...branch].map(([key, inner]) => [key, inner instanceof Map ? objectOf(inner) : inner.value]),
  );
}
