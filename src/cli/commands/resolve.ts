import type { Resolution } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { address, count, lines } from '../render/text.js';
import { typedValue } from '../typed-value.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: ['resolve FILE[#KEY] --ours | --theirs | --base | --value V'],
  about:
    'Decides one conflict, or with FILE alone all conflicts of the file. Edit the file by hand and cfg add it to do the same.',
  arguments: [{ name: 'FILE[#KEY]', about: 'as cfg conflicts lists it', required: true }],
  options: [
    { flags: '--ours', about: 'take the value of the current branch' },
    { flags: '--theirs', about: 'take the value of the branch being merged' },
    { flags: '--base', about: 'take the value that both started from' },
    { flags: '--value <V>', about: 'take this value; typed as for cfg set' },
    { flags: '--string', about: 'take --value as a string, whatever it looks like' },
  ],
  examples: [
    { command: 'cfg resolve services/api.yaml#db.pool.max --theirs', about: 'take theirs' },
    { command: 'cfg resolve services/api.yaml#db.pool.max --value 40', about: 'neither: a third value' },
    { command: 'cfg resolve services/api.yaml --ours', about: 'every conflict of a file' },
  ],
  answer: '{file, path, remaining}',
  run: async (session, input) => {
    const resolution = await resolutionOf(session, input);
    const answer = await (await session.open()).resolve(input.operand(0), resolution);
    const left =
      answer.remaining === 0 ? 'no conflicts are left' : `${count(answer.remaining, 'conflict')} left`;
    const next = answer.remaining === 0 ? 'cfg merge --continue' : 'cfg conflicts';
    return {
      answer,
      text: () => lines([`Resolved ${address(answer.file, answer.path)}; ${left}`, `Next: ${next}`]),
      confirmation: true,
    };
  },
};

async function resolutionOf(session: Session, input: Input): Promise<Resolution> {
  input.exactlyOne(['ours', 'theirs', 'base', 'value']);
  const value = input.text('value');
  if (value !== undefined) return { value: await typedValue(session.io, value, input.flag('string')) };
  return (input.flag('ours') && 'ours') || (input.flag('theirs') && 'theirs') || 'base';
}
