import { relative } from 'node:path';
import type { CloneAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { lines, short } from '../render/text.js';
import { transfer } from '../transfer.js';

export const command: CommandSpec = {
  usage: ['clone URL [DIR] [-b BRANCH] [--depth N] [--single-branch] [--bare]'],
  about:
    'Copies a repository with its history into a new folder, which appears when everything is there and checked, or not at all. ' +
    'A login comes from CFG_TOKEN, ~/.netrc or the credential helpers of Git.',
  arguments: [
    { name: 'URL', about: 'https://…, ssh://…, USER@HOST:PATH, git://…, file://… or a path', required: true },
    { name: 'DIR', about: 'the new folder (default: the last name of the URL)' },
  ],
  options: [
    { flags: '-b, --branch <BRANCH>', about: 'the branch or tag to check out (default: that of the remote)' },
    { flags: '--depth <N>', about: 'only the last N commits, of one branch unless --no-single-branch' },
    { flags: '--single-branch', about: 'only the history of the branch that is checked out' },
    { flags: '--bare', about: 'without a worktree, to push to' },
  ],
  examples: [
    { command: 'cfg clone https://git.example.com/team/config.git', about: 'into the folder config' },
    {
      command: 'cfg clone git@git.example.com:team/config.git shop -b release',
      about: 'a branch, into shop',
    },
    { command: 'cfg clone --depth 1 /srv/config.git', about: 'no history, for CI' },
  ],
  answer: '{dir, remote, url, branch, commit}',
  run: async (session, input) => {
    const { cloneRepository } = await import('../../repo/index.js');
    const [url = '', dir] = input.operands;
    const [branch, depth] = [input.text('branch'), input.number('depth')];
    const { io, cwd } = session;
    const options = {
      url,
      cwd,
      env: io.env,
      now: io.now,
      bare: input.flag('bare'),
      ...(io.interrupted && { signal: io.interrupted }),
      ...(input.flag('singleBranch') ? { singleBranch: true } : {}),
      ...(dir === undefined ? {} : { dir }),
      ...(branch === undefined ? {} : { branch }),
      ...(depth === undefined ? {} : { depth }),
    };
    const answer = await transfer(session, (more) => cloneRepository({ ...more, ...options }));
    return { answer, text: () => render(answer, cwd), confirmation: true };
  },
};

function render({ url, dir, branch, commit }: CloneAnswer, cwd: string): string {
  const folder = visible(relative(cwd, dir) || '.');
  const where = branch === null ? 'no branch' : `branch ${visible(branch)}`;
  return lines([
    `Cloned ${visible(url)} into ${folder}`,
    commit === null ? 'It has no commits yet' : `${where} is checked out at ${short(commit)}`,
  ]);
}
