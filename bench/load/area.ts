/** Layered loading beside c12, node-config and cosmiconfig. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig as loadC12 } from 'c12';
import { cosmiconfig } from 'cosmiconfig';
import { stringifyValue } from '../../src/doc/index.js';
import { loadConfig } from '../../src/load/index.js';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';

/** One run takes far less than a clock can tell. */
const repeats = 100;
const env = { APP_DB__HOST: 'from-env' };

export async function measureArea({ rounds = 15 }: AreaOptions): Promise<void> {
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cfg-bench-load-'));
  try {
    const changing = join(dir, 'changing');
    for (const each of [dir, changing]) writeLayers(each);
    Object.assign(process.env, env);
    await sleep(3000); // files that were just written are read again until their time stamps are settled
    const tables = [
      await measureAll(warm(dir, changing), rounds),
      await measureAll(gets(await loaded(dir)), rounds),
    ];
    tables.push(await measureAll(ten(dir), rounds), await measureAll(cold(dir), Math.min(rounds, 9)));
    await report('load', tables);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** About 1.7 KB in a file; `big` about 50 KB. */
function textOf(layer: number, services: number): string {
  const blocks = Array.from({ length: services }, (_, index) =>
    [
      `service${index}:`,
      `  host: host-${layer}-${index}.internal`,
      `  port: ${8000 + index}`,
      '  pool:',
      `    max: ${10 + layer}`,
      '    min: 1',
      '  tags: [a, b]',
      '',
    ].join('\n'),
  );
  return `db:\n  host: host-${layer}\n  port: 5432\n${blocks.join('')}`;
}

function writeLayers(dir: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  for (const [index, name] of ['default', 'prod', 'local'].entries())
    writeFileSync(join(dir, 'config', `${name}.yaml`), textOf(index, 16));
  writeFileSync(join(dir, 'app.config.yaml'), textOf(0, 16));
  const layers = Array.from({ length: 10 }, (_, index) => `big/${index}.yaml`);
  mkdirSync(join(dir, 'big'));
  for (const [index, path] of layers.entries()) writeFileSync(join(dir, path), textOf(index, 480));
  const stacks = {
    app: { layers: ['default', 'prod', 'local'].map((name) => `config/${name}.yaml`).concat('env:APP_') },
    big: { layers },
  };
  writeFileSync(join(dir, 'cfg.yaml'), stringifyValue({ stacks }, 'yaml'));
}

async function loaded(dir: string): ReturnType<typeof loadConfig> {
  return loadConfig({ dir, stack: 'app' });
}

interface NodeConfig {
  readonly util: {
    readonly loadFileConfigs: (dir: string) => object;
    readonly extendDeep: (...all: object[]) => object;
  };
}

/** node-config reads a folder with its utilities; its own object is made once, on import. */
function nodeConfig(dir: string): () => unknown {
  process.env['NODE_CONFIG_DIR'] = join(dir, 'config');
  process.env['NODE_CONFIG_ENV'] = 'prod';
  process.env['SUPPRESS_NO_CONFIG_WARNING'] = '1';
  const config: NodeConfig = createRequire(import.meta.url)('config');
  return () => config.util.loadFileConfigs(join(dir, 'config'));
}

function times(run: () => unknown, count = repeats): () => Promise<void> {
  return async () => {
    for (let index = 0; index < count; index += 1) await run();
  };
}

/** What is written again and again is in a folder of its own: a load does not believe time stamps that are younger than 2.5 s. */
function warm(dir: string, changing: string): Comparison {
  const options = {
    cwd: join(dir, 'config'),
    name: 'default',
    configFile: 'default.yaml',
    dotenv: false,
    rcFile: false,
    globalRc: false,
    packageJson: false,
  } as const;
  const c12 = (): unknown => loadC12({ ...options, extend: false });
  const cosmic = cosmiconfig('app', { cache: false, searchPlaces: ['app.config.yaml'] });
  const parts = 1 / repeats;
  return {
    title: 'warm reload: base, environment, local and variables; c12 and cosmiconfig only one file',
    reference: 'c12',
    contenders: [
      { name: 'c12', run: times(c12), parts },
      { name: 'node-config', run: times(nodeConfig(dir)), parts },
      { name: 'cosmiconfig', run: times(() => cosmic.search(dir)), parts },
      { name: 'cfg, nothing changed', run: times(() => loaded(dir)), parts },
      {
        name: 'cfg, one file changed',
        run: times(() => {
          writeFileSync(
            join(changing, 'config/local.yaml'),
            `${textOf(2, 16)}changed: ${String(performance.now())}\n`,
          );
          return loaded(changing);
        }, 10),
        parts: 0.1,
      },
    ],
  };
}

function gets(config: Awaited<ReturnType<typeof loadConfig>>): Comparison {
  const peer: { readonly get: (path: string) => unknown } = createRequire(import.meta.url)('config');
  const [parts, many] = [1 / 1000, 10_000];
  const loop = (run: () => unknown) => (): void => {
    for (let index = 0; index < many; index += 1) run();
  };
  return {
    title: 'get of a key, ten times',
    reference: 'node-config',
    contenders: [
      { name: 'node-config', run: loop(() => peer.get('db.host')), parts },
      { name: 'cfg', run: loop(() => config.get('db.host')), parts },
      { name: 'cfg, path in segments', run: loop(() => config.get(['db', 'host'])), parts },
    ],
  };
}

function ten(dir: string): Comparison {
  let count = 0;
  const big = (): unknown => loadConfig({ dir, stack: 'big', env: {} });
  return {
    title: '10 layers of 50 KB',
    reference: 'cfg, all new',
    contenders: [
      {
        name: 'cfg, all new',
        prepare: () => {
          count += 1;
          for (let index = 0; index < 10; index += 1)
            writeFileSync(join(dir, `big/${index}.yaml`), `${textOf(index, 480)}count: ${count}\n`);
        },
        run: big,
      },
      { name: 'cfg, nothing changed', run: big },
    ],
  };
}

/** A fresh process each; the sources are bundled as an application would have them. */
function cold(dir: string): Comparison {
  const node = (code: string): (() => unknown) => {
    const file = join(dir, `cold-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(file, code);
    return () =>
      execFileSync(process.execPath, [file], {
        env: { ...process.env, ...env, NODE_CONFIG_DIR: join(dir, 'config') },
      });
  };
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const require = `import { createRequire } from 'node:module'; const require = createRequire(${at('../../package.json')});`;
  return {
    title: 'cold: a new process imports and loads',
    reference: 'bare node',
    contenders: [
      { name: 'bare node', run: node('') },
      {
        name: 'cfg',
        run: node(
          `const { loadConfig } = await import(${at('../../dist/index.js')}); await loadConfig({ dir: ${JSON.stringify(dir)}, stack: 'app' });`,
        ),
      },
      { name: 'node-config', run: node(`${require} require('config').get('db.host');`) },
      {
        name: 'c12',
        run: node(
          `${require} const { loadConfig } = await import(require.resolve('c12')); await loadConfig({ cwd: ${JSON.stringify(join(dir, 'config'))}, configFile: 'default.yaml', rcFile: false });`,
        ),
      },
      {
        name: 'cosmiconfig',
        run: node(
          `${require} await require('cosmiconfig').cosmiconfig('app', { searchPlaces: ['app.config.yaml'] }).search(${JSON.stringify(dir)});`,
        ),
      },
    ],
  };
}
