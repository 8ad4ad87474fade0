import { resolve as resolvePath } from 'node:path';
import { initStore, type Store } from '../store/index.js';
import { readHead } from './head.js';
import { settingsPath } from './settings.js';
import { encodeText } from './text.js';
import type { InitAnswer } from './types.js';

/** Where the new repository goes. */
export interface InitOptions {
  /** The folder; created when missing. */
  readonly dir: string;
  /** Without a worktree, to push to. Default false. */
  readonly bare?: boolean;
  /** The name of the first branch. Default `main`. */
  readonly branch?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** As `standalone.ts` says. */
export async function initRepository(options: InitOptions | string): Promise<InitAnswer> {
  const { env = process.env, ...rest } = typeof options === 'string' ? { dir: options } : options;
  const dir = resolvePath(rest.dir);
  const { store, created } = await initStore({ ...rest, dir, env });
  await addSettings(store);
  const head = await readHead(store);
  return { dir: store.worktree?.root ?? dir, branch: head.branch ?? rest.branch ?? 'main', created };
}

async function addSettings({ worktree }: Store): Promise<void> {
  if (worktree === undefined || (await worktree.read(settingsPath)) !== undefined) return;
  await worktree.write(settingsPath, encodeText(initialSettings));
}

const initialSettings = `# How cfg treats this repository.
version: 1
files: ["**/*.{yaml,yml,json,ini}"]   # what counts as configuration; other files are versioned as plain text
# schemas:                            # what files must satisfy
#   - files: services/*.yaml
#     schema: schemas/service.schema.json
# branches:                           # first match wins
#   main: { protection: basic }       # none, basic, standard or strict
# stacks:                             # layers that an application loads; later wins
#   app:
#     layers: [base.yaml, "env/\${env}.yaml"]
`;
