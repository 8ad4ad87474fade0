import { ConfigError } from '../../errors.js';
import type { InstallAnswer, UninstallAnswer } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import { diffDriverCommand, mergeDriverCommand, preCommitHook } from '../driver-commands.js';
import type { Input } from '../input.js';
import { visible } from '../render/style.js';
import { lines } from '../render/text.js';
import { preReceive, serverHook } from '../server-hook.js';
import type { Session } from '../session.js';

const actions = ['install', 'uninstall', 'pre-receive'] as const;

export const command: CommandSpec = {
  usage: ['hooks install [--server] [--force]', 'hooks uninstall [--server]', 'hooks pre-receive'],
  about:
    'Makes plain git merge, rebase, cherry-pick and diff work by key on configuration files: registers a merge driver and a diff driver in the Git configuration of the repository, and names the files in a marked block of .gitattributes. Also installs a pre-commit hook that validates what is staged, after the one that is there already. With --server, in the repository that everyone pushes to, it writes the hook pre-receive instead: no push gets round the protection of a branch. Uninstall takes back exactly that.',
  arguments: [
    { name: 'ACTION', about: 'install, uninstall, or pre-receive (what the hook runs)', required: true },
  ],
  options: [
    { flags: '--server', about: 'the hook of a repository that is pushed to' },
    { flags: '--force', about: 'replace drivers named cfg, or a hook, that something else registered' },
  ],
  examples: [
    { command: 'cfg hooks install', about: 'then commit .gitattributes' },
    { command: 'cfg hooks install --force', about: 'whatever merge.cfg.driver was before' },
    { command: 'cfg hooks install --server', about: 'in the bare repository of a server' },
    { command: 'cfg hooks uninstall', about: 'back to the line merge' },
  ],
  answer:
    '{installed: [variable], files: [path], hooks: [name]}; of uninstall {removed: [variable], files: [path], hooks: [name]}; with --server {hook, branch, warnings?}; of pre-receive {accepted, refused: [{ref, rule, message, hint}], warnings?}',
  run: async (session, input) => {
    const [typed, extra] = input.operands;
    const action = actions.find((one) => one === typed);
    if (extra !== undefined || action === undefined)
      throw new ConfigError(
        'E_USAGE',
        `'hooks' takes install, uninstall or pre-receive, not '${extra ?? typed ?? ''}'`,
        { hint: 'cfg hooks install | cfg hooks uninstall' },
      );
    if (action === 'pre-receive') return preReceive(session);
    const force = input.flag('force');
    if (force && action === 'uninstall') throw new ConfigError('E_USAGE', '--force is for install');
    if (input.flag('server')) return serverHook(session, { action, force });
    return action === 'install' ? install(session, input) : uninstall(session);
  },
};

async function install({ io, open }: Session, input: Input): Promise<Outcome> {
  const answer: InstallAnswer = await (
    await open()
  ).installDrivers({
    mergeDriver: mergeDriverCommand(io.self),
    diffDriver: diffDriverCommand(io.self),
    preCommit: preCommitHook(io.self),
    force: input.flag('force'),
  });
  const files = answer.files.map(visible).join(', ');
  return {
    answer,
    text: () =>
      lines([
        `Git merges and compares configuration by key now (${answer.installed.map(visible).join(', ')})`,
        answer.hooks.length > 0
          ? 'Git validates what is staged before each commit (git commit --no-verify skips that)'
          : "core.hooksPath names hooks of yours: have the pre-commit there run 'cfg validate --staged'",
        `Next: git add ${files} && git commit, so that every clone knows the files; each runs cfg hooks install once`,
      ]),
    confirmation: true,
  };
}

async function uninstall({ open }: Session): Promise<Outcome> {
  const answer: UninstallAnswer = await (await open()).uninstallDrivers();
  const what = [...answer.removed, ...answer.files, ...answer.hooks].map(visible).join(', ');
  return { answer, text: () => lines([`Git works by line again (${what})`]), confirmation: true };
}
