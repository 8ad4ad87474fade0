import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadConfig, sqlSource, watchConfig } from '../../../src/load/index.js';
import { failure, folderWith } from '../folder.js';

const database = new PGlite();
afterAll(() => database.close());

/** How many queries wait for an answer that does not come. */
const waiting = { queries: 0 };

/** The package `pg`, on a real Postgres inside of this process. As there, the end of a connection fails the query that it waits for. */
vi.mock('pg', () => ({
  Client: class {
    readonly options: { readonly connectionString: string };
    constructor(options: { readonly connectionString: string }) {
      this.options = options;
    }
    connect(): Promise<void> {
      if (this.options.connectionString.includes('down'))
        return Promise.reject(
          Object.assign(new Error(`no ${this.options.connectionString}`), { code: 'ECONNREFUSED' }),
        );
      return Promise.resolve();
    }
    terminate = (): void => undefined;
    query(text: string, parameters: unknown[]): Promise<{ rows: unknown[] }> {
      if (text !== 'hang') return database.query(text, parameters);
      waiting.queries += 1;
      return new Promise((_, reject) => {
        this.terminate = () => {
          waiting.queries -= 1;
          reject(new Error('Connection terminated'));
        };
      });
    }
    end(): Promise<void> {
      this.terminate();
      return Promise.resolve();
    }
  },
}));

const query = 'select name as key, content as value from settings where env = $1 order by name';
const layer = { sql: 'postgres://app:${env:DB_PASSWORD}@db.internal/config', query, parameters: ['${env}'] };
const dirOf = (...layers: readonly unknown[]): string =>
  folderWith({
    'cfg.yaml': JSON.stringify({ stacks: { app: { layers } } }),
    'base.yaml': 'db: { port: 1, on: true }\n',
  });
const options = { variables: { env: 'prod' }, env: { DB_PASSWORD: 'canary-77' } };

describe('sql layers', async () => {
  await database.exec(`
    create table settings (env text, name text, content text);
    insert into settings values ('prod', 'db.port', '6000'), ('prod', 'db.on', 'false'), ('prod', 'db.host', 'h'), ('dev', 'db.port', '7');
    create table typed (name text, content jsonb);
    insert into typed values ('limits', '{"max": 5, "hosts": ["a"]}'), ('debug', 'true');
  `);

  it('are keys and values, texts taking the type of what they override', async () => {
    const config = await loadConfig({ dir: dirOf('base.yaml', layer), ...options });
    expect(config.value).toEqual({ db: { port: 6000, on: false, host: 'h' } });
    expect(config.explain('db.port').from).toEqual({ layer: 'sql:postgres://db.internal/config' });
  });

  it('keep the types of jsonb', async () => {
    const typed = { ...layer, parameters: [], query: 'select name as key, content as value from typed' };
    expect((await loadConfig({ dir: dirOf(typed), ...options })).value).toEqual({
      limits: { max: 5, hosts: ['a'] },
      debug: true,
    });
  });

  it.each<[string, object, string]>([
    ['a wrong query', { query: 'select nonsense' }, 'E_SOURCE'],
    ['other columns', { query: "select 'x' as name", parameters: [] }, 'E_SOURCE'],
    [
      'a key that is set twice',
      { query: "select 'a' as key, '1' as value union all select 'a.b', '2'", parameters: [] },
      'E_INVALID',
    ],
    ['no server', { sql: 'postgres://u:${env:DB_PASSWORD}@down/x' }, 'E_SOURCE'],
    ['no password', { sql: '${env:NOPE}' }, 'E_SOURCE'],
  ])('end at %s in an error without secrets', async (_, change, code) => {
    const error = await failure({ dir: dirOf({ ...layer, retries: 0, ...change }), ...options });
    expect(error.code).toBe(code);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('canary-77');
  });

  it('end the query that nobody waits for any more', async () => {
    const hanging = { ...layer, query: 'hang', retries: 0, parameters: [] };
    const error = await failure({ dir: dirOf({ ...hanging, timeout: '50ms' }), ...options });
    expect(error.message).toContain('took over 50 ms');
    expect(waiting.queries).toBe(0);

    const controller = new AbortController();
    const dir = dirOf('base.yaml', { ...hanging, timeout: '1h' });
    const starting = watchConfig({ dir, ...options, signal: controller.signal });
    await vi.waitFor(() => expect(waiting.queries).toBe(1));
    controller.abort();
    await expect(starting).rejects.toThrow('aborted');
    expect(waiting.queries).toBe(0);
  });

  it('on a connection that stays open wait for a query that was given up', async () => {
    const asked: ((rows: readonly unknown[]) => void)[] = [];
    const client = {
      query: () =>
        new Promise<{ rows: readonly unknown[] }>((resolve) => {
          asked.push((rows) => resolve({ rows }));
        }),
    };
    const source = sqlSource({ name: 'db', client, query: 'select', timeoutMs: 20, retries: 1 });
    const given = { dir: dirOf(), layers: [source], env: {} };
    expect((await failure(given)).message).toBe("source 'db' took over 20 ms");
    expect(asked).toHaveLength(1);
    asked[0]?.([{ key: 'a', value: 'old' }]);
    const loading = loadConfig({ ...given, layers: [{ ...source, timeoutMs: 60_000 }] });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]?.([{ key: 'a', value: 'new' }]);
    expect((await loading).value).toEqual({ a: 'new' });
  });
});
