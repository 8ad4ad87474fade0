import { resolve } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import type { BatchAnswer, BatchCommit, BatchOptions, Repository } from '../../repo/index.js';
import type { ChangeLine } from '../change-lines.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { progressOn } from '../progress.js';
import { readBytes } from '../read-bytes.js';
import { visible, type Style } from '../render/style.js';
import { count, lines, short } from '../render/text.js';
import { signOf, signOptions } from '../signing.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: [
    'apply FILE|- -m MSG [--branch NAME] [--author A] [--expect REV] [-S | --no-sign]',
    'apply FILE|- --each [-m MSG] …',
  ],
  about:
    'Commits changes given as lines of JSON, thousands at once: {"set": "FILE#KEY", "value": V}, {"unset": "FILE#KEY"}, {"write": "FILE", "content": "…"}, {"delete": "FILE"}. Paths are relative to the root. All of them are applied or none; the checks are those of a commit.',
  arguments: [{ name: 'FILE', about: 'the lines; - reads standard input', required: true }],
  options: [
    { flags: '-m, --message <MSG>', about: 'the message; several become paragraphs', repeat: true },
    {
      flags: '--each',
      about: 'a commit for each line, with its "message" and "author"; without a message, what it does',
    },
    { flags: '--branch <NAME>', about: 'commit to this branch (default: the current one)' },
    { flags: '--author <AUTHOR>', about: 'record someone else as the author: "Name <email>"' },
    { flags: '--expect <REV>', about: 'refuse unless the branch is there' },
    ...signOptions,
  ],
  examples: [
    { command: 'cfg apply changes.jsonl -m "new limits"', about: 'one commit' },
    { command: 'generate-changes | cfg apply - --each', about: 'a commit for each line' },
    {
      command: `echo '{"set": "base.yaml#db.pool.max", "value": 20}' | cfg apply - -m "bigger pool" --branch work`,
      about: 'on another branch, without switching to it',
    },
  ],
  answer: '{branch, before, commit, commits, files, changes, unchanged}',
  run: async (session, input) => {
    const changes = await readLines(session, input.operand(0));
    const commits = input.flag('each') ? eachLine(changes, input) : [oneCommit(changes, input)];
    const repo = await session.open();
    const branch = input.text('branch') ?? (await currentBranch(repo));
    const progress = progressOn(session.io, 'Applying');
    try {
      const options = { ...(await optionsOf(repo, input)), onProgress: progress.update };
      const answer = await repo.batch(branch, commits, options);
      return { answer, text: (style) => render(answer, style), confirmation: true };
    } catch (error) {
      throw atLine(error, changes);
    } finally {
      progress.end();
    }
  },
};

async function readLines(session: Session, file: string): Promise<readonly ChangeLine[]> {
  const { parseChangeLines } = await import('../change-lines.js');
  const text =
    file === '-'
      ? await session.io.readStdin()
      : new TextDecoder().decode(readBytes(resolve(session.cwd, file)));
  const changes = parseChangeLines(text);
  if (changes.length > 0) return changes;
  throw new ConfigError('E_NOTHING_TO_DO', 'there are no changes to apply', {
    hint: `one a line: {"set": "base.yaml#db.pool.max", "value": 20}`,
  });
}

function oneCommit(changes: readonly ChangeLine[], input: Input): BatchCommit {
  const message = input.texts('message').join('\n\n');
  if (message.trim() === '')
    throw new ConfigError('E_USAGE', 'a commit needs a message', {
      hint: '-m "what changed and why"; or --each for a commit a line',
    });
  const own = changes.find((line) => line.message !== undefined || line.author !== undefined);
  if (own !== undefined)
    throw new ConfigError('E_USAGE', `line ${own.line} has a message or author of its own`, {
      hint: 'a commit for each line: --each',
    });
  return { changes: changes.map(({ change }) => change), message };
}

function eachLine(changes: readonly ChangeLine[], input: Input): readonly BatchCommit[] {
  const given = input.texts('message').join('\n\n');
  return changes.map(({ change, message, author, summary }) => ({
    changes: [change],
    message: message ?? (given === '' ? summary : given),
    ...(author !== undefined && { author }),
  }));
}

async function currentBranch(repo: Repository): Promise<string> {
  const head = await repo.store.refs.read('HEAD');
  if (head !== undefined && 'target' in head) return head.target.replace(/^refs\/heads\//, '');
  throw new ConfigError('E_USAGE', 'HEAD is detached: there is no current branch', {
    hint: 'name one: --branch main',
  });
}

async function optionsOf(repo: Repository, input: Input): Promise<BatchOptions> {
  const [author, expect] = [input.text('author'), input.text('expect')];
  const { resolveCommit } = await import('../../store/index.js');
  return {
    ...(author !== undefined && { author }),
    ...signOf(input),
    ...(expect !== undefined && { expect: await resolveCommit(repo.store, expect) }),
  };
}

/** An error about a change names its line. */
function atLine(error: unknown, changes: readonly ChangeLine[]): unknown {
  if (!isConfigError(error)) return error;
  const number = error.details?.['change'];
  const line = typeof number === 'number' ? changes[number - 1]?.line : undefined;
  if (line === undefined) return error;
  return new ConfigError(error.code, error.message.replace(/^change \d+: /, `line ${line}: `), {
    ...(error.hint !== undefined && { hint: error.hint }),
    details: { ...error.details, line },
    cause: error,
  });
}

function render({ branch, commit, commits, files, changes, unchanged }: BatchAnswer, style: Style): string {
  const place = style.bold(`${visible(branch)} ${short(commit)}`);
  const idle = unchanged === 0 ? '' : `; ${count(unchanged, 'line')} changed nothing`;
  return lines([
    `[${place}] ${count(changes, 'change')} of ${count(files, 'file')} in ${count(commits, 'commit')}${idle}`,
  ]);
}
