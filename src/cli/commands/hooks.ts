import { ConfigError } from '../../errors.js';
import type { InstallAnswer, UninstallAnswer } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import { diffDriverCommand, mergeDriverCommand, preCommitHook } from '../driver-commands.js';
import type { Input } from '../input.js';
import { visible } from '../render/style.js';
import { lines } from '../render/text.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: ['hooks install [--force]', 'hooks uninstall'],
  about:
    'Makes plain git merge, rebase, cherry-pick and diff work by key on configuration files: registers a merge driver and a diff driver in the Git configuration of the repository, and names the files in a marked block of .gitattributes. Also installs a pre-commit hook that validates what is staged, after the one that is there already. Uninstall takes back exactly that.',
  arguments: [{ name: 'ACTION', about: 'install or uninstall', required: true }],
  options: [{ flags: '--force', about: 'replace drivers named cfg that something else registered' }],
  examples: [
    { command: 'cfg hooks install', about: 'then commit .gitattributes' },
    { command: 'cfg hooks install --force', about: 'whatever merge.cfg.driver was before' },
    { command: 'cfg hooks uninstall', about: 'back to the line merge' },
  ],
  answer:
    '{installed: [variable], files: [path], hooks: [name]}; of uninstall {removed: [variable], files: [path], hooks: [name]}',
  run: async (session, input) => {
    const [action, extra] = input.operands;
    if (extra !== undefined || (action !== 'install' && action !== 'uninstall'))
      throw new ConfigError('E_USAGE', `'hooks' takes install or uninstall, not '${extra ?? action ?? ''}'`, {
        hint: 'cfg hooks install | cfg hooks uninstall',
      });
    return action === 'install' ? install(session, input) : uninstall(session, input);
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

async function uninstall({ open }: Session, input: Input): Promise<Outcome> {
  if (input.flag('force')) throw new ConfigError('E_USAGE', '--force is for install');
  const answer: UninstallAnswer = await (await open()).uninstallDrivers();
  const what = [...answer.removed, ...answer.files, ...answer.hooks].map(visible).join(', ');
  return { answer, text: () => lines([`Git works by line again (${what})`]), confirmation: true };
}
