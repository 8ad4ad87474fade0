import type { Repository, Resolution } from '../../repo/index.js';
import { ConfigError } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { proceedings } from '../render/conflicts.js';
import { address, count, lines } from '../render/text.js';
import { styleFor } from '../render/style.js';
import { typedValue } from '../typed-value.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: ['resolve FILE[#KEY] --ours | --theirs | --both | --base | --value V', 'resolve'],
  about:
    'Decides one conflict, or with FILE alone all conflicts of the file. Edit the file by hand and cfg add it to do the same. Without arguments, in a terminal, it asks about each conflict in turn.',
  arguments: [{ name: 'FILE[#KEY]', about: 'as cfg conflicts lists it' }],
  options: [
    { flags: '--ours', about: 'take the value of the current branch' },
    { flags: '--theirs', about: 'take the value of the branch being merged' },
    {
      flags: '--both',
      about:
        'keep both, ours first: the items that each side put into a list, the lines of a text, two new keys that look alike',
    },
    { flags: '--base', about: 'take the value that both started from' },
    { flags: '--value <V>', about: 'take this value; typed as for cfg set' },
    { flags: '--string', about: 'take --value as a string, whatever it looks like' },
  ],
  examples: [
    { command: 'cfg resolve services/api.yaml#db.pool.max --theirs', about: 'take theirs' },
    { command: 'cfg resolve services/api.yaml#db.pool.max --value 40', about: 'neither: a third value' },
    { command: 'cfg resolve services/api.yaml#hosts --both', about: 'the new items of both sides' },
    { command: 'cfg resolve services/api.yaml --ours', about: 'every conflict of a file' },
    { command: 'cfg resolve', about: 'one conflict after the other' },
  ],
  answer: '{file, path, remaining}; without arguments {resolved: [{file, path}], remaining}',
  run: async (session, input) => {
    if (input.operands.length === 0) return walk(session, input);
    const resolution = await resolutionOf(session, input);
    const repo = await session.open();
    const answer = await repo.resolve(input.operand(0), resolution);
    const left =
      answer.remaining === 0 ? 'no conflicts are left' : `${count(answer.remaining, 'conflict')} left`;
    const next = await nextStep(repo, answer.remaining);
    return {
      answer,
      text: () => lines([`Resolved ${address(answer.file, answer.path)}; ${left}`, `Next: ${next}`]),
      confirmation: true,
    };
  },
};

async function nextStep(repo: Repository, remaining: number): Promise<string> {
  if (remaining > 0) return 'cfg conflicts';
  const waiting = await repo.waiting();
  return waiting === undefined ? 'cfg status' : proceedings(waiting).proceed;
}

const sides = ['ours', 'theirs', 'both', 'base'] as const;
const decisions: readonly string[] = [...sides, 'value'];

async function walk({ io, cwd, open, color }: Session, input: Input): Promise<Outcome> {
  const given = decisions.some((name) => input.flag(name) || input.text(name) !== undefined);
  if (given || io.openPrompt === undefined)
    throw new ConfigError(
      'E_USAGE',
      given ? 'what is to be resolved? FILE[#KEY] is missing' : 'there is no terminal to ask at',
      {
        hint: 'cfg resolve FILE[#KEY] --ours | --theirs | --both | --base | --value V; cfg conflicts lists them',
      },
    );
  const repo = await open();
  if ((await repo.conflicts()).conflicts.length === 0)
    throw new ConfigError('E_NOTHING_TO_DO', 'there is no conflict to resolve');
  const { walkThrough } = await import('../walk-through.js');
  const prompt = await io.openPrompt();
  try {
    const style = styleFor(io.stderr, io.env, color);
    const answer = await walkThrough({ repo, prompt, style, cwd, say: (text) => io.stderr.write(text) });
    const next = await nextStep(repo, answer.remaining);
    return {
      answer,
      text: () => lines([`${answer.resolved.length} resolved, ${answer.remaining} left`, `Next: ${next}`]),
    };
  } finally {
    prompt.close();
  }
}

async function resolutionOf(session: Session, input: Input): Promise<Resolution> {
  input.exactlyOne(decisions);
  const value = input.text('value');
  if (value !== undefined) return { value: await typedValue(session.io, value, input.flag('string')) };
  return sides.find((side) => input.flag(side)) ?? 'base';
}
