import type { FsckAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { visible, type Style } from '../render/style.js';
import { count, lines, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['fsck [--repair]'],
  about:
    'Checks everything in the Git folder: objects, packs, refs, index, reflogs, configuration, locks and leftovers, of all worktrees. ' +
    'Exits with 1 when something is wrong. With --repair what can be made again is made again: the index from HEAD, a lost ref from its reflog, ' +
    'the index of a pack; damaged files are set aside in .git/cfg/lost-found, never deleted.',
  arguments: [],
  options: [{ flags: '--repair', about: 'mend what can be mended, and say what was done' }],
  examples: [
    { command: 'cfg fsck', about: 'is everything whole?' },
    { command: 'cfg fsck --repair', about: 'after a power cut or a full disk' },
  ],
  answer: '{ok, problems: [{kind, path, oid?, message, repair?, repaired?}]}',
  run: async ({ cwd, io }, input) => {
    // Not through an open repository: what is to be repaired may be too damaged to be opened.
    const { fsckRepository } = await import('../../repo/index.js');
    const answer = await fsckRepository({ dir: cwd, env: io.env, repair: input.flag('repair') });
    return { answer, text: (style) => render(answer, style), exitCode: answer.ok ? 0 : 1 };
  },
};

function render({ ok, problems }: FsckAnswer, style: Style): string {
  const rows = problems.map(({ path, oid, message, repair, repaired }) => {
    const what = `${visible(path)}: ${visible(message)}${oid === undefined ? '' : ` (${short(oid)})`}`;
    if (repaired) return `${style.green('mended')}  ${what}; ${visible(repair ?? '')}`;
    return `${style.red('damaged')} ${what}${repair === undefined ? '' : `; --repair would ${visible(repair)}`}`;
  });
  const left = problems.filter(({ repaired }) => repaired === undefined);
  const canMend = left.some(({ repair }) => repair !== undefined);
  const last = ok ? style.green('ok') : `${count(left.length, 'problem')}${next(canMend)}`;
  return lines([...rows, last]);
}

function next(canMend: boolean): string {
  return canMend ? '; next: cfg fsck --repair' : '; what is missing can only come from a clone or a backup';
}
