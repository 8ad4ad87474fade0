import { basename, resolve } from 'node:path';
import type { FileMergeAnswer, FileMergeInput } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { readBytes } from '../read-bytes.js';
import { noteRows } from '../render/conflicts.js';
import { visible } from '../render/style.js';
import { count, lines } from '../render/text.js';
import { ConfigError } from '../../errors.js';
import type { Io } from '../io.js';

export const command: CommandSpec = {
  usage: ['merge-driver BASE OURS THEIRS [SIZE] [PATH] [BASE-LABEL] [OURS-LABEL] [THEIRS-LABEL]'],
  about:
    'Merges three files by key into OURS, as a merge driver of Git (%O %A %B %L %P %S %X %Y): exits with 0 when they merged, with 1 when conflicts stand in OURS between markers. Git calls it; cfg hooks install sets that up.',
  arguments: [
    { name: 'BASE', about: 'the common ancestor; empty when both sides added the file', required: true },
    { name: 'OURS', about: 'our version, and where the result goes', required: true },
    { name: 'THEIRS', about: 'their version', required: true },
    {
      name: 'REST…',
      about:
        'length of the markers (default: 7), path in the repository (default: OURS), labels of the sides',
      many: true,
    },
  ],
  options: [],
  examples: [
    { command: 'cfg merge-driver base.yaml ours.yaml theirs.yaml', about: 'by hand' },
    {
      command: 'cfg merge-driver base.tmp ours.tmp theirs.tmp 7 services/api.yaml',
      about: 'as Git calls it: the path decides the format and the rules',
    },
  ],
  answer:
    '{path, method: "identical" | "line" | "structure", conflicts: [{file, path, kind, base?, ours?, theirs?}], notes?: [{path, rule, message}]}',
  run: async (session, input) => {
    const { io, cwd } = session;
    const [basePath, oursPath, theirsPath] = [0, 1, 2].map((at) => resolve(cwd, input.operand(at)));
    const base = readBytes(basePath ?? '');
    const ours = readBytes(oursPath ?? '');
    const repo = await session.open();
    const { data, ...answer } = await repo.mergeFile({
      path: given(input, 4, '%P') ?? basename(oursPath ?? ''),
      ...(base.length > 0 && { base }),
      ours,
      theirs: readBytes(theirsPath ?? ''),
      ...sizeOf(input),
      labels: labelsOf(input, io),
      ...sourceOf(input, io),
    });
    if (!data.every((byte, at) => byte === ours[at]) || data.length !== ours.length) {
      const { atomicWrite, nodeFileSystem } = await import('../../store/index.js');
      atomicWrite(nodeFileSystem, oursPath ?? '', data, { sync: false });
    }
    const notes = answer.notes?.map((note) => ({ ...note, file: answer.path }));
    return {
      answer,
      text: (style) => lines([said(answer), ...noteRows(notes, style)]),
      exitCode: answer.conflicts.length === 0 ? 0 : 1,
    };
  },
};

/** An operand that Git filled in: one that it does not know is passed as it is (before Git 2.44 the labels are). */
function given(input: Input, at: number, placeholder: string): string | undefined {
  const word = input.operands[at];
  return word === undefined || word === '' || word === placeholder ? undefined : word;
}

function sizeOf(input: Input): { readonly markerSize?: number } {
  const text = given(input, 3, '%L');
  if (text === undefined) return {};
  if (/^[1-9]\d{0,3}$/.test(text)) return { markerSize: Number(text) };
  throw new ConfigError('E_USAGE', `'${text}' is no length of conflict markers`);
}

/** The commit being merged: `git merge` names it in its environment, a pick or rebase in its label (git: sequencer.c). */
function sourceOf(input: Input, { env }: Io): Pick<FileMergeInput, 'source'> {
  const label = /^([0-9a-f]{7,64}) \(/.exec(given(input, 7, '%Y') ?? '')?.[1];
  if (label !== undefined) return { source: { commit: label, alone: true } };
  const [head, another] = Object.keys(env).filter((name) => /^GITHEAD_[0-9a-f]{40,64}$/.test(name));
  if (head === undefined || another !== undefined) return {};
  return { source: { commit: head.slice('GITHEAD_'.length), alone: false } };
}

/** Without labels of its own an older Git still tells what `git merge` merges: `GITHEAD_<id>=<name>`. */
function labelsOf(input: Input, { env }: Io): Readonly<Record<'base' | 'ours' | 'theirs', string>> {
  const heads = Object.entries(env).flatMap(([name, value]) =>
    /^GITHEAD_[0-9a-f]{40,64}$/.test(name) && value !== undefined ? [value] : [],
  );
  const [merged] = heads.length === 1 ? heads : [];
  return {
    base: given(input, 5, '%S') ?? 'base',
    ours: given(input, 6, '%X') ?? (merged === undefined ? 'ours' : 'HEAD'),
    theirs: given(input, 7, '%Y') ?? merged ?? 'theirs',
  };
}

/** The first word is what the installed command goes by. */
function said({ path, method, conflicts }: Omit<FileMergeAnswer, 'data'>): string {
  if (conflicts.length === 0) return `merged ${visible(path)} (${method})`;
  const keys = conflicts.map((conflict) => (conflict.path === '' ? conflict.kind : conflict.path));
  const shown = keys.slice(0, 5).map(visible).join(', ');
  const more = keys.length > 5 ? ', …' : '';
  return `conflict in ${visible(path)}: ${count(conflicts.length, 'conflict')} (${shown}${more})`;
}
