import type { CommandSpec } from './command.js';

/** A command by name, with what `cfg --help` says of it; its file is only read when it is run. */
export interface Entry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  /** A long answer is shown in a pager. Default false. */
  readonly paged?: true;
  readonly load: () => Promise<CommandSpec>;
}

/** Every command, in the order of the help. */
export const catalogue: readonly Entry[] = [
  {
    name: 'init',
    group: 'Start',
    summary: 'make a folder a repository of configuration',
    load: async () => (await import('./commands/init.js')).command,
  },
  {
    name: 'clone',
    group: 'Start',
    summary: 'copy a repository from elsewhere, with its history',
    load: async () => (await import('./commands/clone.js')).command,
  },
  {
    name: 'demo',
    group: 'Start',
    summary: 'a guided tour on a sample repository',
    load: async () => (await import('./commands/demo.js')).command,
  },
  {
    name: 'status',
    group: 'Change',
    summary: 'show what changed and what to do next',
    load: async () => (await import('./commands/status.js')).command,
  },
  {
    name: 'get',
    group: 'Change',
    summary: 'print a value of a file or of a merged stack',
    load: async () => (await import('./commands/get.js')).command,
  },
  {
    name: 'set',
    group: 'Change',
    summary: 'change one value, leaving every other byte as it is',
    load: async () => (await import('./commands/set.js')).command,
  },
  {
    name: 'unset',
    group: 'Change',
    summary: 'remove one key',
    load: async () => (await import('./commands/unset.js')).command,
  },
  {
    name: 'add',
    group: 'Change',
    summary: 'stage changes for the next commit',
    load: async () => (await import('./commands/add.js')).command,
  },
  {
    name: 'restore',
    group: 'Change',
    summary: 'drop local changes, or unstage them',
    load: async () => (await import('./commands/restore.js')).command,
  },
  {
    name: 'commit',
    group: 'Change',
    summary: 'record what is staged',
    load: async () => (await import('./commands/commit.js')).command,
  },
  {
    name: 'apply',
    group: 'Change',
    summary: 'commit thousands of changes at once',
    load: async () => (await import('./commands/apply.js')).command,
  },
  {
    name: 'validate',
    group: 'Change',
    summary: 'check files, schemas and stacks',
    load: async () => (await import('./commands/validate.js')).command,
  },
  {
    name: 'schema',
    group: 'Change',
    summary: 'compare two versions of a schema, or draft one',
    load: async () => (await import('./commands/schema.js')).command,
  },
  {
    name: 'log',
    group: 'Look back',
    summary: 'show the history of the whole, of a file or of one key',
    paged: true,
    load: async () => (await import('./commands/log.js')).command,
  },
  {
    name: 'show',
    group: 'Look back',
    summary: 'show a commit by key, or a file or value at a revision',
    paged: true,
    load: async () => (await import('./commands/show.js')).command,
  },
  {
    name: 'diff',
    group: 'Look back',
    summary: 'show changes by key',
    paged: true,
    load: async () => (await import('./commands/diff.js')).command,
  },
  {
    name: 'blame',
    group: 'Look back',
    summary: 'show who set each key of a file',
    paged: true,
    load: async () => (await import('./commands/blame.js')).command,
  },
  {
    name: 'branch',
    group: 'Branch and merge',
    summary: 'list, create, rename or delete branches',
    paged: true,
    load: async () => (await import('./commands/branch.js')).command,
  },
  {
    name: 'switch',
    group: 'Branch and merge',
    summary: 'change to another branch',
    load: async () => (await import('./commands/switch.js')).command,
  },
  {
    name: 'merge',
    group: 'Branch and merge',
    summary: 'merge by key',
    load: async () => (await import('./commands/merge.js')).command,
  },
  {
    name: 'cherry-pick',
    group: 'Branch and merge',
    summary: 'apply what one commit changed to this branch',
    load: async () => (await import('./commands/cherry-pick.js')).command,
  },
  {
    name: 'revert',
    group: 'Branch and merge',
    summary: 'undo one commit with a new one',
    load: async () => (await import('./commands/revert.js')).command,
  },
  {
    name: 'conflicts',
    group: 'Branch and merge',
    summary: 'list what a merge left to decide',
    paged: true,
    load: async () => (await import('./commands/conflicts.js')).command,
  },
  {
    name: 'resolve',
    group: 'Branch and merge',
    summary: 'decide a conflict',
    load: async () => (await import('./commands/resolve.js')).command,
  },
  {
    name: 'check',
    group: 'Branch and merge',
    summary: 'tell whether a merge would be allowed',
    load: async () => (await import('./commands/check.js')).command,
  },
  {
    name: 'protect',
    group: 'Branch and merge',
    summary: 'set the protection of branches',
    load: async () => (await import('./commands/protect.js')).command,
  },
  {
    name: 'approve',
    group: 'Branch and merge',
    summary: 'approve a commit for a merge',
    load: async () => (await import('./commands/approve.js')).command,
  },
  {
    name: 'approvals',
    group: 'Branch and merge',
    summary: 'list who approved a commit',
    load: async () => (await import('./commands/approvals.js')).command,
  },
  {
    name: 'tag',
    group: 'Release',
    summary: 'create or list semantic version tags',
    paged: true,
    load: async () => (await import('./commands/tag.js')).command,
  },
  {
    name: 'changelog',
    group: 'Release',
    summary: 'tell what each release changed',
    paged: true,
    load: async () => (await import('./commands/changelog.js')).command,
  },
  {
    name: 'verify',
    group: 'Release',
    summary: 'check that a tag or a branch is what it should be',
    load: async () => (await import('./commands/verify.js')).command,
  },
  {
    name: 'rollback',
    group: 'Release',
    summary: 'bring back the content of a revision in a new commit',
    load: async () => (await import('./commands/rollback.js')).command,
  },
  {
    name: 'undo',
    group: 'Back',
    summary: 'take back the last command of cfg',
    load: async () => (await import('./commands/undo.js')).command,
  },
  {
    name: 'ops',
    group: 'Back',
    summary: 'list the commands that can be taken back',
    paged: true,
    load: async () => (await import('./commands/ops.js')).command,
  },
  {
    name: 'load',
    group: 'Load',
    summary: 'print the merged configuration of a stack',
    paged: true,
    load: async () => (await import('./commands/load.js')).command,
  },
  {
    name: 'explain',
    group: 'Load',
    summary: 'tell where a value comes from and who set it',
    paged: true,
    load: async () => (await import('./commands/explain.js')).command,
  },
  {
    name: 'compare',
    group: 'Load',
    summary: 'show what differs between two environments',
    paged: true,
    load: async () => (await import('./commands/compare.js')).command,
  },
  {
    name: 'types',
    group: 'Load',
    summary: 'print TypeScript types of a stack, from its schema',
    paged: true,
    load: async () => (await import('./commands/types.js')).command,
  },
  {
    name: 'remote',
    group: 'Exchange',
    summary: 'list or change the repositories to exchange with',
    load: async () => (await import('./commands/remote.js')).command,
  },
  {
    name: 'fetch',
    group: 'Exchange',
    summary: 'bring what other repositories have',
    load: async () => (await import('./commands/fetch.js')).command,
  },
  {
    name: 'pull',
    group: 'Exchange',
    summary: 'fetch, and merge by key what others pushed',
    load: async () => (await import('./commands/pull.js')).command,
  },
  {
    name: 'push',
    group: 'Exchange',
    summary: 'send branches, tags and approvals',
    load: async () => (await import('./commands/push.js')).command,
  },
  {
    name: 'ls-remote',
    group: 'Exchange',
    summary: 'list what another repository has',
    paged: true,
    load: async () => (await import('./commands/ls-remote.js')).command,
  },
  {
    name: 'watch',
    group: 'Load',
    summary: 'follow the merged configuration, and run a command with each change',
    load: async () => (await import('./commands/watch.js')).command,
  },
  {
    name: 'hooks',
    group: 'Plain Git',
    summary: 'make plain git merge and compare by key',
    load: async () => (await import('./commands/hooks.js')).command,
  },
  {
    name: 'merge-driver',
    group: 'Plain Git',
    summary: 'merge three files, as Git asks it',
    load: async () => (await import('./commands/merge-driver.js')).command,
  },
  {
    name: 'diff-driver',
    group: 'Plain Git',
    summary: 'compare two files, as Git asks it',
    load: async () => (await import('./commands/diff-driver.js')).command,
  },
  {
    name: 'fsck',
    group: 'Maintain',
    summary: 'check the repository, and mend what can be mended',
    load: async () => (await import('./commands/fsck.js')).command,
  },
  {
    name: 'gc',
    group: 'Maintain',
    summary: 'pack the repository and drop what nothing leads to',
    load: async () => (await import('./commands/gc.js')).command,
  },
  {
    name: 'completion',
    group: 'Maintain',
    summary: 'complete words of cfg in a shell',
    load: async () => (await import('./commands/completion.js')).command,
  },
];
