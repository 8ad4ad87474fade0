import { ConfigError } from '../../errors.js';
import type { PullOptions } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { sideLabels } from '../labels.js';
import { renderMerge } from '../render/merge.js';
import { renderFetched } from '../render/updates.js';
import { strategies, strategyOption } from '../strategies.js';
import { transfer } from '../transfer.js';

export const command: CommandSpec = {
  usage: ['pull [REMOTE [BRANCH]] [--ff-only | --no-ff] [--strategy S] [--prune]'],
  about:
    'Fetches, and merges by key the branch that the current one follows. Conflicts are left to decide as after cfg merge (exit 1). ' +
    'A protected branch goes forward over commits made elsewhere when each of them meets its rules.',
  arguments: [
    { name: 'REMOTE', about: 'the remote (default: the one that the branch follows)' },
    { name: 'BRANCH', about: 'the branch there (default: the one that is followed)' },
  ],
  options: [
    { flags: '--ff-only', about: 'only move the branch forward, or refuse' },
    { flags: '--no-ff', about: 'always make a merge commit' },
    strategyOption,
    { flags: '--prune', about: 'drop REMOTE/BRANCH where the branch is gone there' },
  ],
  examples: [
    { command: 'cfg pull', about: 'what others pushed to this branch' },
    { command: 'cfg pull --ff-only', about: 'only if there is nothing to merge' },
    { command: 'cfg pull origin release', about: 'another branch into this one' },
  ],
  answer:
    '{fetched: [{remote, url, updates: [{ref, before, after, result, reason?}]}], source, merge: {result, commit?, conflicts: [{file, path, kind, base?, ours?, theirs?}], files: [path]}}',
  run: async (session, input) => {
    const repo = await session.open();
    const options = optionsOf(input);
    const answer = await transfer(session, (more) => repo.pull({ ...more, ...options }));
    const labels = await sideLabels(repo, answer.source);
    const { fetched, merge } = answer;
    const changed = fetched.filter(({ updates }) => updates.length > 0);
    return {
      answer,
      text: (style) => renderFetched(changed, style) + renderMerge(merge, { labels }, style),
      exitCode: merge.result === 'conflicts' ? 1 : 0,
      confirmation: true,
    };
  },
};

function optionsOf(input: Input): PullOptions {
  const [remote, branch] = input.operands;
  const [never, only] = [!input.flag('ff'), input.flag('ffOnly')];
  if (never && only) throw new ConfigError('E_USAGE', '--no-ff and --ff-only exclude each other');
  const strategy = input.choice('strategy', strategies);
  return {
    fastForward: (never && 'never') || (only && 'only') || 'auto',
    ...(remote === undefined ? {} : { remote }),
    ...(branch === undefined ? {} : { branch }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(input.flag('prune') ? { prune: true } : {}),
  };
}
