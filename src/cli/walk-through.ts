/** Conflicts decided one by one by a person at a terminal. */
import { join, relative } from 'node:path';
import { isConfigError } from '../errors.js';
import { formatAddress, parseInputValue, parseKeyPath } from '../doc/index.js';
import { fitsBoth } from '../merge/index.js';
import type { MergeConflict, Repository, Resolution } from '../repo/index.js';
import type { Prompt } from './io.js';
import { sideLabels } from './labels.js';
import { conflictRows, type SideLabels } from './render/conflicts.js';
import type { Style } from './render/style.js';
import { lines } from './render/text.js';

export interface Walked {
  readonly resolved: readonly { readonly file: string; readonly path: string }[];
  /** How many conflicts are left. */
  readonly remaining: number;
}

interface Walk {
  readonly repo: Repository;
  readonly prompt: Prompt;
  readonly style: Style;
  readonly labels: SideLabels;
  readonly cwd: string;
  readonly say: (text: string) => void;
}

type Step = Resolution | 'skip' | 'quit';

/** Asks about each conflict until all are decided or skipped, or the person quits; what was decided stays decided. */
export async function walkThrough(given: Omit<Walk, 'labels'>): Promise<Walked> {
  const walk: Walk = { ...given, labels: await sideLabels(given.repo) };
  const resolved: { file: string; path: string }[] = [];
  const skipped = new Set<string>();
  let { conflicts } = await walk.repo.conflicts();
  for (;;) {
    const open = conflicts.filter((one) => !skipped.has(keyOf(one)));
    const [conflict] = open;
    if (conflict === undefined) break;
    walk.say(lines(conflictRows(conflict, walk.labels, walk.style)));
    const step = await nextStep(walk, conflict, open.length);
    if (step === 'quit') break;
    if (step === 'skip') skipped.add(keyOf(conflict));
    else if (await decide(walk, conflict, step)) resolved.push({ file: conflict.file, path: conflict.path });
    ({ conflicts } = await walk.repo.conflicts());
  }
  return { resolved, remaining: conflicts.length };
}

function keyOf({ file, path }: MergeConflict): string {
  return `${file}\0${path}`;
}

const help = [
  '  o  take ours       t  take theirs    b  take the value both started from',
  '  e  type a value    s  skip           q  stop here (what was decided stays)',
];
const helpWithBoth = '  +  keep both, ours first';

const steps: Readonly<Record<string, Step>> = { o: 'ours', t: 'theirs', b: 'base', s: 'skip', q: 'quit' };

async function nextStep(walk: Walk, conflict: MergeConflict, open: number): Promise<Step> {
  const mayKeepBoth = fitsBoth(conflict);
  const known: Readonly<Record<string, Step>> = mayKeepBoth ? { ...steps, '+': 'both' } : steps;
  const question = `${open} left. [o]urs [t]heirs ${mayKeepBoth ? '[+]both ' : ''}[b]ase [e]dit [s]kip [q]uit ? `;
  for (;;) {
    const typed = (await walk.prompt.ask(question))?.trim();
    if (typed === undefined) return 'quit';
    const step = Object.hasOwn(known, typed) ? known[typed] : undefined;
    if (step !== undefined) return step;
    if (typed === 'e' && conflict.path !== '') {
      const value = await walk.prompt.ask('value: ');
      if (value === undefined) return 'quit';
      if (value.trim() !== '') return { value: parseInputValue(value) };
    } else if (typed === 'e') walk.say(`edit '${conflict.file}' in an editor, then: cfg add\n`);
    else walk.say(lines(mayKeepBoth ? [...help, helpWithBoth] : help));
  }
}

/** False when the decision could not be made; the reason was said, and the question comes again. */
async function decide(
  { repo, cwd, say }: Walk,
  { file, path }: MergeConflict,
  resolution: Resolution,
): Promise<boolean> {
  const typed = relative(cwd, join(repo.root ?? cwd, file));
  const address = formatAddress({ file: typed, ...(path !== '' && { path: parseKeyPath(path) }) });
  try {
    await repo.resolve(address, resolution);
    return true;
  } catch (error) {
    if (!isConfigError(error, 'E_CONFLICT', 'E_USAGE', 'E_BAD_PATH')) throw error;
    say(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    return false;
  }
}
