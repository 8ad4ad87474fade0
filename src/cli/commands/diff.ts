import type { DiffAnswer, EffectiveDiffAnswer, Repository } from '../../repo/index.js';
import { ConfigError } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { renderDiff, renderEffective } from '../render/diff.js';
import { comparedRevisions, splitRevisions } from '../revisions.js';

export const command: CommandSpec = {
  usage: [
    'diff [REV [REV]] [--staged] [PATH…] [--text | --summary] [--exit-code]',
    'diff --effective [REV [REV]] [STACK] [-e ENV] [--reveal] [--summary] [--exit-code]',
  ],
  about:
    'Shows what changed by key: + added, - removed, ~ another value, type or place. Without a revision: what is not staged; with one: that revision against the worktree; with two (or A..B): against each other; A...B is what B adds since it left A. --effective compares the merged configurations instead: what the change really does to each stack in each environment; without a revision HEAD against the worktree. An environment that does not load is told beside the others, and the exit code is 1.',
  arguments: [
    { name: 'REV', about: 'a revision, or two' },
    {
      name: 'PATH…',
      about: 'only these files or folders; put -- before one that could be a revision',
      many: true,
    },
  ],
  options: [
    { flags: '--staged', about: 'what the next commit would record' },
    { flags: '--text', about: 'by line instead of by key' },
    { flags: '--summary', about: 'Markdown for a pull request; secrets are masked' },
    { flags: '--effective', about: 'what changes in the merged configurations' },
    { flags: '-e, --env <ENV>', about: 'with --effective: only this environment' },
    { flags: '--reveal', about: 'with --effective: show secret values, which are *** otherwise' },
    { flags: '--exit-code', about: 'exit with 1 when there are differences' },
  ],
  examples: [
    { command: 'cfg diff', about: 'what I changed since the last cfg add' },
    { command: 'cfg diff v1.2.0 HEAD -- services', about: 'what changed in a folder since a release' },
    { command: 'cfg diff --effective main HEAD -e prod', about: 'what production will see of it' },
    { command: 'cfg diff origin/main HEAD --summary', about: 'a summary for a pull request' },
    {
      command: 'cfg diff --effective origin/main HEAD --summary',
      about: 'the same of what each environment gets',
    },
  ],
  answer:
    '{files: [{path, status, from?, changes: [{path, kind, from?, before?, after?}], text?}]}, with --effective {stacks: [{stack, variables, changes: [{path, kind, from?, before?, after?}], failure?: {side, message, before?}}]}, side before|after, before why the earlier side does not load where the later one does not either',
  run: async (session, input) => {
    checkForm(input);
    const repo = await session.open();
    if (input.flag('effective')) return effective(repo, input);
    const { revisions, rest } = await splitRevisions(repo, input, { cwd: session.cwd, most: 2 });
    const summary = input.flag('summary');
    const answer = await repo.diff({
      revisions: await comparedRevisions(repo, revisions),
      staged: stagedOnly(input, revisions),
      text: input.flag('text'),
      mask: summary,
      ...(rest.length === 0 ? {} : { paths: rest }),
    });
    const markdown = summary ? await summaryOf(answer) : undefined;
    return {
      answer,
      text: (style) => (markdown === undefined ? renderDiff(answer.files, style) : style.block(markdown)),
      exitCode: input.flag('exitCode') && answer.files.length > 0 ? 1 : 0,
    };
  },
};

async function effective(repo: Repository, input: Input): Promise<Outcome> {
  const { operands } = input;
  const { stacks } = await repo.settings();
  const last = operands.at(-1);
  const stack = last !== undefined && stacks.has(last) ? last : undefined;
  const revisions = stack === undefined ? operands : operands.slice(0, -1);
  if (revisions.length > 2)
    throw new ConfigError('E_USAGE', `cfg.yaml has no stack '${last ?? ''}'`, {
      hint: `its stacks: ${[...stacks.keys()].join(', ')}`,
    });
  const env = input.text('env');
  const answer = await repo.effectiveDiff({
    revisions: await comparedRevisions(repo, revisions),
    ...(stack === undefined ? {} : { stack }),
    mask: !input.flag('reveal'),
    ...(env === undefined ? {} : { variables: { env } }),
  });
  const summary = input.flag('summary') ? await effectiveSummary(answer) : undefined;
  return {
    answer,
    text: (style) => (summary === undefined ? renderEffective(answer, style) : style.block(summary)),
    exitCode: doesNotLoad(answer) || (input.flag('exitCode') && answer.stacks.length > 0) ? 1 : 0,
  };
}

function doesNotLoad({ stacks }: EffectiveDiffAnswer): boolean {
  return stacks.some(({ failure }) => failure?.side === 'after');
}

const exclusive = [
  ['effective', 'staged'],
  ['effective', 'text'],
  ['text', 'summary'],
] as const;

/** Throws E_USAGE for options that say nothing about what is compared, and for two ways to print it. */
function checkForm(input: Input): void {
  for (const [one, other] of exclusive)
    if (input.flag(one) && input.flag(other))
      throw new ConfigError('E_USAGE', `--${one} and --${other} exclude each other`);
  if (!input.flag('effective') && input.text('env') !== undefined)
    throw new ConfigError('E_USAGE', '-e needs --effective', { hint: 'cfg diff --effective -e prod' });
}

function stagedOnly(input: Input, revisions: readonly string[]): boolean {
  const staged = input.flag('staged');
  if (staged && revisions.length > 0)
    throw new ConfigError('E_USAGE', '--staged takes no revision', { hint: 'cfg diff --staged' });
  return staged;
}

async function summaryOf(answer: DiffAnswer): Promise<string> {
  const { summarize } = await import('../../diff/index.js');
  return summarize(answer.files);
}

async function effectiveSummary(answer: EffectiveDiffAnswer): Promise<string> {
  const { summarizeStacks } = await import('../../diff/index.js');
  return summarizeStacks(answer.stacks);
}
