import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { lines } from '../render/text.js';
import { openIfAny } from '../session.js';
import { transfer } from '../transfer.js';

export const command: CommandSpec = {
  usage: ['ls-remote [REMOTE | URL]'],
  about:
    'Lists the branches, tags and approvals that another repository has. Nothing is fetched, and no repository is needed here.',
  arguments: [
    { name: 'REMOTE', about: 'a remote or an address (default: that of the current branch, or origin)' },
  ],
  options: [],
  examples: [
    { command: 'cfg ls-remote', about: 'what origin has' },
    { command: 'cfg ls-remote https://git.example.com/team/config.git', about: 'any repository' },
  ],
  answer: '{url, head, refs: [{name, oid, peeled?}]}',
  run: async (session, input) => {
    const [name] = input.operands;
    const repo = name === undefined ? await session.open() : await openIfAny(session);
    const { listRemoteRefs } = await import('../../repo/index.js');
    const answer = await transfer(session, (options) =>
      repo === undefined
        ? listRemoteRefs({ ...options, url: name ?? '', cwd: session.cwd, env: session.io.env })
        : repo.lsRemote(name, options),
    );
    return {
      answer,
      text: () => lines(answer.refs.map(({ name: ref, oid }) => `${oid}  ${visible(ref)}`)),
    };
  },
};
