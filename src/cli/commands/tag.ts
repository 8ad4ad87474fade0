import { ConfigError } from '../../errors.js';
import type { TagAnswer, TagListAnswer, TagOptions } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { visible, type Style } from '../render/style.js';
import { firstFew, lines, padded, short } from '../render/text.js';
import { signOf, signOptions } from '../signing.js';

const bumps = ['major', 'minor', 'patch', 'auto'] as const;

export const command: CommandSpec = {
  usage: [
    'tag VERSION [REV] [-m MSG] [--scope DIR] [-S | --no-sign]',
    'tag --bump major|minor|patch|auto [--pre ID] [REV] [-m MSG] [--scope DIR] [-S | --no-sign]',
    'tag --list [RANGE] [--scope DIR]',
    'tag -d VERSION',
  ],
  about:
    'Creates an annotated tag vX.Y.Z with a digest of the content, which cfg verify checks. --bump auto takes the next version from what changed in the configuration: a removed key or another type is major, a new key minor, another value patch. A version never moves.',
  arguments: [
    { name: 'VERSION', about: 'a semantic version, with or without v' },
    { name: 'REV', about: 'what to tag (default: HEAD)' },
  ],
  options: [
    { flags: '--bump <PART>', about: 'the next version after the highest tag', choices: bumps },
    { flags: '--pre <ID>', about: 'a pre-release, as 1.3.0-rc.1; without --bump it is auto' },
    {
      flags: '--scope <DIR>',
      about: 'a version of this folder alone: services/api@1.4.0; only what is in it counts',
    },
    { flags: '-m, --message <MSG>', about: 'the message of the tag' },
    ...signOptions,
    { flags: '--list', about: 'list tags, highest first; with RANGE those in a range as ^1.2' },
    { flags: '-d, --delete', about: 'delete the tag' },
  ],
  examples: [
    { command: 'cfg tag --bump auto', about: 'let the changes decide' },
    { command: 'cfg tag 1.0.0 -m "first release"', about: 'a given version' },
    { command: "cfg tag --list '^1.2'", about: 'the releases of a range' },
    { command: 'cfg tag --bump auto --scope services/api', about: 'the next version of a folder' },
  ],
  answer:
    '{tag, version, scope?, commit, digest, reason?, reasons?: [{bump, reason}]}, with --list {tags: [{tag, version, scope?, commit, digest}]}',
  run: async (session, input) => {
    const form = formOf(input);
    const repo = await session.open();
    const scope = input.text('scope');
    if (form === 'list')
      return listed(await repo.tags(input.operands[0], scope === undefined ? {} : { scope }));
    if (form === 'create') return created(await repo.tag(optionsOf(input)));
    const answer = await repo.deleteTag(input.operand(0));
    return {
      answer,
      text: () => lines([`Deleted tag ${visible(answer.tag)} (was ${short(answer.commit)})`]),
      confirmation: true,
    };
  },
};

function formOf(input: Input): 'list' | 'create' | 'delete' {
  const { operands } = input;
  const [list, remove] = [input.flag('list'), input.flag('delete')];
  const bump = input.text('bump') !== undefined || input.text('pre') !== undefined;
  const wrong =
    ([list, remove, bump].filter(Boolean).length > 1 &&
      'only one of --bump (or --pre), --list and -d can be given') ||
    (remove && operands.length === 0 && 'the version to delete is missing') ||
    ((list || remove || bump) && operands.length > 1 && `unexpected argument '${operands[1]}'`);
  if (wrong)
    throw new ConfigError('E_USAGE', wrong, {
      hint: "cfg tag VERSION | cfg tag --bump auto | cfg tag --list | cfg tag -d VERSION; see 'cfg tag --help'",
    });
  if (remove) return 'delete';
  return list || (operands.length === 0 && !bump) ? 'list' : 'create';
}

function optionsOf(input: Input): TagOptions {
  const bump = input.choice('bump', bumps) ?? (input.text('pre') === undefined ? undefined : 'auto');
  const [version, revision] = bump === undefined ? input.operands : [undefined, input.operands[0]];
  const [pre, message, scope] = [input.text('pre'), input.text('message'), input.text('scope')];
  return {
    ...(bump === undefined ? {} : { bump }),
    ...(version === undefined ? {} : { version }),
    ...(revision === undefined ? {} : { revision }),
    ...(pre === undefined ? {} : { pre }),
    ...(scope === undefined ? {} : { scope }),
    ...(message === undefined ? {} : { message }),
    ...signOf(input),
  };
}

function created(answer: TagAnswer): Outcome {
  return { answer, text: (style) => render(answer, style), confirmation: true };
}

/** More of them are in the JSON. */
const mostReasons = 20;

function render({ tag, commit, digest, reason, reasons = [] }: TagAnswer, style: Style): string {
  const others = reasons.slice(1).map((one) => `${one.bump}: ${visible(one.reason)}`);
  return lines([
    `Tagged ${short(commit)} as ${style.bold(visible(tag))}`,
    ...(reason === undefined ? [] : [`  why     ${visible(reason)}`]),
    ...firstFew(others, mostReasons).map((line) => `          ${line}`),
    `  digest  ${digest}`,
  ]);
}

function listed(answer: TagListAnswer): Outcome {
  const rows = padded(answer.tags.map(({ tag, commit, digest }) => [visible(tag), short(commit), digest]));
  return { answer, text: () => lines(rows.map((row) => row.join('  '))) };
}
