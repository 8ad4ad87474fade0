import type { PushAnswer, PushOptions } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { updateRows } from '../render/updates.js';
import { visible, type Style } from '../render/style.js';
import { lines } from '../render/text.js';
import { transfer } from '../transfer.js';

export const command: CommandSpec = {
  usage: ['push [REMOTE] [REF…] [-u] [--tags] [--force-with-lease]', 'push --delete REMOTE REF…'],
  about:
    'Sends the current branch, or the branches and tags that are named, and approvals with them. What the rules of a protected branch do ' +
    'not allow is refused before anything is sent. There is no way to force but --force-with-lease.',
  arguments: [
    { name: 'REMOTE', about: 'the remote (default: the one that the branch follows, or origin)' },
    { name: 'REF', about: 'a branch, a tag, or SOURCE:TARGET (default: the current branch)', many: true },
  ],
  options: [
    { flags: '-u, --set-upstream', about: 'the branch follows that of the remote from now on' },
    { flags: '--tags', about: 'every tag too' },
    {
      flags: '--force-with-lease',
      about:
        'also replace commits there, unless somebody pushed since the last fetch; never on a protected branch',
    },
    { flags: '-d, --delete', about: 'delete REF there' },
  ],
  examples: [
    { command: 'cfg push -u origin raise-pool', about: 'a new branch, to be followed' },
    { command: 'cfg push', about: 'the current branch' },
    { command: 'cfg push origin v1.2.0', about: 'a release' },
    { command: 'cfg push --delete origin raise-pool', about: 'the branch is done' },
  ],
  answer: '{remote, url, updates: [{ref, before, after, result, reason?}], upstream, messages: [line]}',
  run: async (session, input) => {
    const [remote, ...refs] = input.operands;
    const repo = await session.open();
    const options = {
      ...(remote === undefined ? {} : { remote }),
      refs,
      setUpstream: input.flag('setUpstream'),
      tags: input.flag('tags'),
      forceWithLease: input.flag('forceWithLease'),
      delete: input.flag('delete'),
    };
    const answer = await transfer(session, (more) => repo.push({ ...more, ...options }));
    return { answer, text: (style) => render(answer, options, style), confirmation: true };
  },
};

function render(
  { url, remote, updates, upstream, messages }: PushAnswer,
  { refs, tags }: Pick<PushOptions, 'refs' | 'tags'>,
  style: Style,
): string {
  const branchOnly = refs?.length === 0 && tags !== true ? '; tags go by name or with --tags' : '';
  const head =
    updates.length === 0
      ? `Nothing to send to ${visible(remote)} (${visible(url)})${branchOnly}`
      : `To ${visible(url)}`;
  return lines([
    ...messages.map((line) => style.dim(`remote: ${visible(line)}`)),
    head,
    ...updateRows(updates, style),
    ...(upstream === null ? [] : [`The branch follows ${visible(upstream)} now`]),
  ]);
}
