import { ConfigError } from '../../errors.js';
import type { BranchAnswer, Repository } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import { visible, type Style } from '../render/style.js';
import { lines, padded, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['branch', 'branch NAME [START]', 'branch -d | -D NAME [--force]', 'branch -m [OLD] NEW'],
  about:
    'Lists branches with their protection, or creates, deletes or renames one. Every form answers with the list as it is then.',
  arguments: [
    { name: 'NAME', about: 'the branch' },
    { name: 'START', about: 'the revision that it begins at (default: HEAD)' },
  ],
  options: [
    {
      flags: '-d, --delete',
      about: 'delete NAME; refused for a protected branch, and for one whose commits are merged nowhere',
    },
    { flags: '--force', about: 'with -d: also one whose commits are merged nowhere' },
    { flags: '-D', about: 'the same as -d --force' },
    { flags: '-m, --move', about: 'rename OLD (default: the current branch) to NEW' },
  ],
  examples: [
    { command: 'cfg branch', about: 'the list' },
    { command: 'cfg branch raise-pool v1.2.0', about: 'a branch that begins at a release' },
    { command: 'cfg branch -d raise-pool', about: 'gone' },
  ],
  answer: '{branches: [{name, commit, current, protection}]}',
  run: async (session, input) => {
    const [first, second] = input.operands;
    const [force, rename] = [input.flag('force') || input.flag('D'), input.flag('move')];
    const remove = input.flag('delete') || input.flag('D');
    checkForm({ remove, rename, first, second });
    const repo = await session.open();
    if (first === undefined) return listed(await repo.branches());
    if (remove) return deleteBranch(repo, first, force);
    if (rename) return renameBranch(repo, second === undefined ? null : first, second ?? first);
    const answer = await repo.createBranch(first, second);
    const at = answer.branches.find(({ name }) => name === first)?.commit ?? '';
    return done(
      answer,
      `Created branch '${visible(first)}' at ${short(at)}; 'cfg switch ${visible(first)}' goes there`,
    );
  },
};

interface Form {
  readonly remove: boolean;
  readonly rename: boolean;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

function checkForm({ remove, rename, first, second }: Form): void {
  const wrong =
    (remove && rename && '-d and -m exclude each other') ||
    ((remove || rename) && first === undefined && 'the name of the branch is missing') ||
    (remove && second !== undefined && `unexpected argument '${second}'`);
  if (wrong)
    throw new ConfigError('E_USAGE', wrong, { hint: 'cfg branch -d NAME | cfg branch -m [OLD] NEW' });
}

async function deleteBranch(repo: Repository, name: string, force: boolean): Promise<Outcome> {
  const was = (await repo.branches()).branches.find((one) => one.name === name);
  const answer = await repo.deleteBranch(name, { force });
  const at = was === undefined ? '' : ` (was ${short(was.commit)})`;
  return done(answer, `Deleted branch '${visible(name)}'${at}`);
}

async function renameBranch(repo: Repository, from: string | null, to: string): Promise<Outcome> {
  const which = from === null ? 'the current branch' : `branch '${visible(from)}'`;
  return done(await repo.renameBranch(from, to), `Renamed ${which} to '${visible(to)}'`);
}

function done(answer: BranchAnswer, text: string): Outcome {
  return { answer, text: () => lines([text]), confirmation: true };
}

function listed(answer: BranchAnswer): Outcome {
  return { answer, text: (style) => render(answer, style) };
}

function render({ branches }: BranchAnswer, style: Style): string {
  const rows = padded(
    branches.map(({ name, commit, protection }) => [visible(name), short(commit), protection]),
  );
  return lines(
    rows.map((row, i) =>
      branches[i]?.current === true ? style.green(`* ${row.join('  ')}`) : `  ${row.join('  ')}`,
    ),
  );
}
