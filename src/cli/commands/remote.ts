import { ConfigError } from '../../errors.js';
import type { RemotesAnswer, Repository } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { visible } from '../render/style.js';
import { lines, padded } from '../render/text.js';

const usage = [
  'remote [-v]',
  'remote add NAME URL',
  'remote remove NAME',
  'remote rename OLD NEW',
  'remote set-url NAME URL [--push]',
];

export const command: CommandSpec = {
  usage,
  about:
    'Lists the repositories that this one exchanges with, or changes the list. Every form answers with the list as it is then.',
  arguments: [
    { name: 'ACTION', about: 'add, remove, rename or set-url' },
    { name: 'NAME', about: 'the remote' },
    { name: 'URL', about: 'its address, or its new name' },
  ],
  options: [
    { flags: '-v, --verbose', about: 'with addresses' },
    { flags: '--push', about: 'with set-url: only for pushing' },
  ],
  examples: [
    { command: 'cfg remote add origin git@git.example.com:team/config.git', about: 'where to exchange' },
    { command: 'cfg remote -v', about: 'the list with addresses' },
    { command: 'cfg remote set-url origin https://git.example.com/team/config.git', about: 'it moved' },
  ],
  answer: '{remotes: [{name, url, pushUrl, fetch: [rule]}]}',
  run: async (session, input) => {
    const [action, name, value] = input.operands;
    const repo = await session.open();
    if (action === undefined) return listed(await repo.remotes(), input.flag('verbose'));
    const wanted = action === 'remove' ? 1 : 2;
    if (!Object.hasOwn(actions, action) || name === undefined || input.operands.length - 1 !== wanted)
      throw new ConfigError(
        'E_USAGE',
        Object.hasOwn(actions, action)
          ? `'remote ${action}' needs ${wanted === 1 ? 'a name' : 'two words'}`
          : `unknown action '${action}'`,
        {
          hint: usage.map((line) => `cfg ${line}`).join(' | '),
        },
      );
    return (
      actions[action]?.(repo, { name, value: value ?? '', input }) ?? listed(await repo.remotes(), false)
    );
  },
};

interface Typed {
  readonly name: string;
  readonly value: string;
  readonly input: Input;
}

const actions: Readonly<Record<string, (repo: Repository, typed: Typed) => Promise<Outcome>>> = {
  add: async (repo, { name, value }) =>
    done(
      await repo.addRemote(name, value),
      `Added remote '${visible(name)}'; 'cfg fetch ${visible(name)}' brings what it has`,
    ),
  remove: async (repo, { name }) => done(await repo.removeRemote(name), `Removed remote '${visible(name)}'`),
  rename: async (repo, { name, value }) =>
    done(await repo.renameRemote(name, value), `Renamed remote '${visible(name)}' to '${visible(value)}'`),
  'set-url': async (repo, { name, value, input }) =>
    done(
      await repo.setRemoteUrl(name, value, { push: input.flag('push') }),
      `Remote '${visible(name)}' has a new address`,
    ),
};

function done(answer: RemotesAnswer, text: string): Outcome {
  return { answer, text: () => lines([text]), confirmation: true };
}

function listed(answer: RemotesAnswer, verbose: boolean): Outcome {
  const rows = answer.remotes.flatMap(({ name, url, pushUrl }) => {
    if (!verbose) return [[visible(name)]];
    if (url === pushUrl) return [[visible(name), visible(url)]];
    return [
      [visible(name), `${visible(url)} (fetch)`],
      [visible(name), `${visible(pushUrl)} (push)`],
    ];
  });
  return { answer, text: () => lines(padded(rows).map((row) => row.join('  '))) };
}
