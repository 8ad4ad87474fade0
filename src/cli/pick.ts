import { ConfigError } from '../errors.js';
import type { PickAnswer, PickOptions, Repository } from '../repo/index.js';
import type { OptionSpec, Outcome } from './command.js';
import type { Input } from './input.js';
import { sideLabels } from './labels.js';
import { noteRows, renderConflicts } from './render/conflicts.js';
import { visible, type Style } from './render/style.js';
import { count, firstFew, lines, short } from './render/text.js';
import type { Session } from './session.js';
import { signOf, signOptions } from './signing.js';
import { strategies, strategyOption } from './strategies.js';

export type PickVerb = 'cherry-pick' | 'revert';

export const pickOptions: readonly OptionSpec[] = [
  {
    flags: '-m, --mainline <N>',
    about: 'of a merge: compare it with its parent N; 1 is the branch merged into',
  },
  { flags: '--message <MSG>', about: 'the message of the new commit' },
  strategyOption,
  ...signOptions,
  { flags: '--continue', about: 'record the commit when every conflict is decided' },
  { flags: '--abort', about: 'go back to before it' },
];

export const pickAnswer =
  '{commit?, conflicts: [{file, path, kind, base?, ours?, theirs?}], files: [path], notes?: [{file, path, rule, message}]}';

const done = { 'cherry-pick': 'Picked', revert: 'Reverted' } as const;

/** Runs `cherry-pick` or `revert`: a revision, --continue or --abort. */
export async function runPick(verb: PickVerb, session: Session, input: Input): Promise<Outcome> {
  const [revision, extra] = input.operands;
  const forms = [revision !== undefined, input.flag('continue'), input.flag('abort')];
  if (extra !== undefined || forms.filter(Boolean).length !== 1)
    throw new ConfigError('E_USAGE', `'${verb}' takes just one of a revision, --continue and --abort`, {
      hint: `cfg ${verb} REV | cfg ${verb} --continue | cfg ${verb} --abort`,
    });
  const repo = await session.open();
  if (input.flag('abort')) return aborted(verb, repo);
  const options = optionsOf(input);
  if (revision === undefined) return outcome(repo, { verb, answer: await proceed(repo, options) });
  const answer = await (verb === 'revert'
    ? repo.revert(revision, options)
    : repo.cherryPick(revision, options));
  return outcome(repo, { verb, answer, revision });
}

function optionsOf(input: Input): PickOptions {
  const strategy = input.choice('strategy', strategies);
  const [mainline, message] = [input.number('mainline'), input.text('message')];
  return {
    ...(mainline !== undefined && { mainline }),
    ...(message !== undefined && { message }),
    ...(strategy !== undefined && { strategy }),
    ...signOf(input),
  };
}

async function proceed(repo: Repository, { message, sign }: PickOptions): Promise<PickAnswer> {
  const { commit, conflicts, files } = await repo.mergeContinue({
    ...(message !== undefined && { message }),
    ...(sign !== undefined && { sign }),
  });
  return { ...(commit !== undefined && { commit }), conflicts, files };
}

async function aborted(verb: PickVerb, repo: Repository): Promise<Outcome> {
  const { files } = await repo.mergeAbort();
  return {
    answer: { conflicts: [], files } satisfies PickAnswer,
    text: () => lines([`The ${verb} is aborted; everything is as it was before`]),
    confirmation: true,
  };
}

async function outcome(
  repo: Repository,
  {
    verb,
    answer,
    revision,
  }: { readonly verb: PickVerb; readonly answer: PickAnswer; readonly revision?: string },
): Promise<Outcome> {
  const { commit, conflicts, files } = answer;
  const labels = await sideLabels(repo);
  const what = revision === undefined ? '' : ` ${visible(revision)}`;
  const changed = (style: Style): readonly string[] => [
    `${done[verb]}${what}${commit === undefined ? '' : ` at ${short(commit)}`}: ${count(files.length, 'file')}`,
    ...firstFew(files.map((path) => `  ${visible(path)}`)),
    ...noteRows(answer.notes, style),
  ];
  return {
    answer,
    text: (style) =>
      commit === undefined
        ? lines(noteRows(answer.notes, style)) +
          renderConflicts(conflicts, labels, { style, next: { by: 'cfg', verb } })
        : lines(changed(style)),
    exitCode: commit === undefined ? 1 : 0,
    confirmation: true,
  };
}
