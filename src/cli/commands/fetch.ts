import type { CommandSpec } from '../command.js';
import { renderFetched } from '../render/updates.js';
import { transfer } from '../transfer.js';

export const command: CommandSpec = {
  usage: ['fetch [REMOTE] [--prune] [--tags] [--depth N | --unshallow]', 'fetch --all [--prune] [--tags]'],
  about:
    'Brings what other repositories have: branches as REMOTE/BRANCH, tags that belong to them, and approvals. No branch of yours moves; ' +
    "'cfg pull' or 'cfg merge REMOTE/BRANCH' does that.",
  arguments: [{ name: 'REMOTE', about: 'the remote (default: that of the current branch, or origin)' }],
  options: [
    { flags: '--all', about: 'every remote' },
    { flags: '--prune', about: 'drop REMOTE/BRANCH where the branch is gone there' },
    { flags: '--tags', about: 'every tag, not only those of what is fetched' },
    { flags: '--depth <N>', about: 'make the history of each branch N commits long' },
    { flags: '--unshallow', about: 'bring the whole history of a clone that was made with --depth' },
  ],
  examples: [
    { command: 'cfg fetch', about: 'what is new at origin' },
    { command: 'cfg fetch --all --prune', about: 'at every remote, and forget branches that are gone' },
    { command: 'cfg fetch --unshallow', about: 'the history that a clone with --depth left out' },
  ],
  answer: '{fetched: [{remote, url, updates: [{ref, before, after, result, reason?}]}]}',
  run: async (session, input) => {
    const [remote] = input.operands;
    const depth = input.number('depth');
    const repo = await session.open();
    const options = {
      all: input.flag('all'),
      unshallow: input.flag('unshallow'),
      ...(remote === undefined ? {} : { remote }),
      ...(input.flag('prune') ? { prune: true } : {}),
      ...(input.flag('tags') ? { tags: true } : {}),
      ...(depth === undefined ? {} : { depth }),
    };
    const answer = await transfer(session, (more) => repo.fetch({ ...more, ...options }));
    return { answer, text: (style) => renderFetched(answer.fetched, style), confirmation: true };
  },
};
