import { ConfigError } from '../../errors.js';
import type { MergeAnswer, MergeOptions, Repository } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { sideLabels } from '../labels.js';
import type { SideLabels } from '../render/conflicts.js';
import { renderMerge } from '../render/merge.js';
import { lines } from '../render/text.js';
import { programResolver } from '../resolver.js';
import { signOf, signOptions } from '../signing.js';
import { strategies, strategyOption } from '../strategies.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: [
    'merge REV [--strategy S] [--resolver CMD] [--no-ff | --ff-only] [--dry-run] [-m MSG] [-S | --no-sign]',
    'merge --continue [-m MSG] [-S | --no-sign]',
    'merge --abort',
  ],
  about:
    'Merges a revision into the current branch by key: changes of different keys join, comments and layout stay, and what both sides changed differently is a conflict (exit 1), never decided silently.',
  arguments: [{ name: 'REV', about: 'what to merge: a branch, a tag, a commit' }],
  options: [
    strategyOption,
    {
      flags: '--resolver <CMD>',
      about:
        'a program that decides: gets each conflict as JSON on stdin, prints a JSON value; another exit code than 0 leaves the conflict',
    },
    { flags: '--no-ff', about: 'always make a merge commit' },
    { flags: '--ff-only', about: 'only move the branch forward, or refuse' },
    { flags: '--dry-run', about: 'tell what would happen and change nothing' },
    { flags: '--continue', about: 'record the merge when every conflict is decided' },
    { flags: '--abort', about: 'go back to before the merge' },
    { flags: '-m, --message <MSG>', about: 'the message of the merge commit' },
    ...signOptions,
  ],
  examples: [
    { command: 'cfg merge raise-pool', about: 'a branch into the current one' },
    { command: 'cfg merge raise-pool --dry-run', about: 'would there be conflicts?' },
    { command: 'cfg merge raise-pool --strategy newest', about: 'the later commit decides each conflict' },
    { command: 'cfg merge --continue', about: 'after cfg resolve' },
  ],
  answer:
    '{result: "up-to-date" | "fast-forward" | "merged" | "conflicts", commit?, conflicts: [{file, path, kind, base?, ours?, theirs?}], files: [path], notes?: [{file, path, rule, message}]}',
  run: async (session, input) => {
    const [revision] = input.operands;
    const form = formOf(input, revision);
    const repo = await session.open();
    if (form === 'abort') return aborted(await repo.mergeAbort());
    if (form === 'continue') {
      const labels = await sideLabels(repo);
      return outcome(await repo.mergeContinue({ ...messageOf(input), ...signOf(input) }), { labels });
    }
    return start(repo, { session, input, revision: form.revision });
  },
};

type Form = 'abort' | 'continue' | { readonly revision: string };

function formOf(input: Input, revision: string | undefined): Form {
  const [abort, proceed] = [input.flag('abort'), input.flag('continue')];
  const forms = [revision !== undefined, abort, proceed].filter(Boolean).length;
  if (forms !== 1)
    throw new ConfigError(
      'E_USAGE',
      `'merge' needs ${forms === 0 ? 'a revision, --continue or --abort' : 'just one of a revision, --continue and --abort'}`,
      {
        hint: 'cfg merge REV | cfg merge --continue | cfg merge --abort',
      },
    );
  if (abort) return 'abort';
  return revision === undefined ? 'continue' : { revision };
}

interface Start {
  readonly session: Session;
  readonly input: Input;
  readonly revision: string;
}

async function start(repo: Repository, { session, input, revision }: Start): Promise<Outcome> {
  const options = optionsOf(input, session, repo);
  const answer = await repo.merge(revision, options);
  return outcome(answer, { labels: await sideLabels(repo, revision), dryRun: options.dryRun === true });
}

function optionsOf(input: Input, session: Session, repo: Repository): MergeOptions {
  const [strategy, program] = [input.choice('strategy', strategies), input.text('resolver')];
  const [never, only] = [!input.flag('ff'), input.flag('ffOnly')];
  if (never && only) throw new ConfigError('E_USAGE', '--no-ff and --ff-only exclude each other');
  if (strategy !== undefined && program !== undefined)
    throw new ConfigError('E_USAGE', '--strategy and --resolver exclude each other');
  return {
    fastForward: (never && 'never') || (only && 'only') || 'auto',
    dryRun: input.flag('dryRun'),
    ...messageOf(input),
    ...signOf(input),
    ...(strategy === undefined ? {} : { strategy }),
    ...(program === undefined
      ? {}
      : {
          strategy: 'custom',
          resolver: programResolver(program, { io: session.io, cwd: repo.root ?? session.cwd }),
        }),
  };
}

function messageOf(input: Input): { readonly message?: string } {
  const message = input.text('message');
  return message === undefined ? {} : { message };
}

function aborted(answer: MergeAnswer): Outcome {
  return {
    answer,
    text: () =>
      lines([
        'Merge aborted; everything is as it was before',
        'What was decided meanwhile is kept: cfg undo brings the merge back',
      ]),
    confirmation: true,
  };
}

function outcome(
  answer: MergeAnswer,
  view: { readonly labels: SideLabels; readonly dryRun?: boolean },
): Outcome {
  return {
    answer,
    text: (style) => renderMerge(answer, view, style),
    exitCode: answer.result === 'conflicts' ? 1 : 0,
    confirmation: view.dryRun !== true,
  };
}
