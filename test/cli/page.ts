import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emptyFolder, shell } from './command-line.js';
import type { installPackage } from './installed.js';
import { replay } from './replay.js';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'fixtures/shop');

type Package = ReturnType<typeof installPackage>;

/** The folder that the blocks of a page work in; others may appear beside it. */
interface Session {
  readonly above: string;
  readonly env: Readonly<Record<string, string>>;
  readonly operations: Set<string>;
  cwd: string;
}

const parts = new RegExp(
  [
    String.raw`^<!-- session: (?<start>empty|shop) -->$`,
    String.raw`^<!-- \$ (?<hidden>.+) -->$`,
    '^```console\\n(?<console>[^]*?)^```$',
    '^```\\w+\\n(?<content>(?:#|//) (?<file>[\\w./-]+\\.\\w+)\\n[^]*?)^```$',
  ].join('|'),
  'gm',
);

/**
 * A page of the documents with what its console blocks really print. They are one session, which begins in a copy of the sample
 * repository (`<!-- session: empty -->`: in an empty folder, anew). A block of code whose first line is a comment with the name of
 * a file is written there, and `<!-- $ COMMAND -->` runs without being shown. `cfg` is on PATH and `cfgit` can be imported, as
 * `installed`.
 */
export async function playPage(text: string, installed: Package): Promise<string> {
  let session = begin('shop', installed);
  let played = '';
  let end = 0;
  for (const match of text.matchAll(parts)) {
    const { start, hidden, console, content, file } = match.groups ?? {};
    played += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (start !== undefined) session = begin(start, installed);
    if (hidden !== undefined) prepare(hidden, session);
    if (file !== undefined && content !== undefined) write(join(session.cwd, file), content);
    played += console === undefined ? match[0] : `\`\`\`console\n${await output(console, session)}\`\`\``;
  }
  return played + text.slice(end);
}

function begin(start: string, { dir, path }: Package): Session {
  const above = emptyFolder();
  const cwd = join(above, 'shop');
  if (start === 'shop') cpSync(sample, cwd, { recursive: true });
  else mkdirSync(cwd);
  mkdirSync(join(above, 'node_modules'));
  symlinkSync(dir, join(above, 'node_modules/cfgit'));
  const env = { PATH: `${path}:${process.env['PATH']}`, GIT_CONFIG_GLOBAL: join(above, '.gitconfig') };
  return { above, cwd, env, operations: new Set() };
}

function prepare(command: string, { cwd, env }: Session): void {
  const { code, stdout, stderr } = shell(command, { cwd, env });
  if (code !== 0) throw new Error(`the page prepares with '${command}', which fails: ${stdout}${stderr}`);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function output(script: string, session: Session): Promise<string> {
  const { text, cwd } = await replay(script, session.cwd, session.env);
  session.cwd = cwd;
  return text
    .replaceAll(session.above, '')
    .replaceAll('\n\n$ ', '\n$ ')
    .replaceAll(/ +$/gm, '')
    .replaceAll(/\b[0-9a-f]{8}\b/g, (operation) => sameInEveryRun(operation, session));
}

/** Ids of operations tell of inodes and times. The first one that a session shows is always shown as the same, and so on. */
function sameInEveryRun(operation: string, { operations }: Session): string {
  operations.add(operation);
  const order = [...operations].indexOf(operation);
  return createHash('sha1').update(`operation ${order}`).digest('hex').slice(0, 8);
}
