/** What a command owes after a power cut: what it reported is there; before that, the old state or the new; and the next command works. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cli/command-line.js';
import { temporaryFolder } from '../store/sandbox.js';
import { observe, type Observed } from './observed.js';
import { describeCut, type PowerCut, type Recording, replay } from './recording-fs.js';

/** A command that was run once, in a copy of `start`. */
export interface Recorded {
  readonly start: string;
  readonly before: Observed;
  readonly after: Observed;
  readonly recorded: Pick<Recording, 'calls'> & { readonly dir: string };
}

export async function problemsAfterCut(scene: Recorded, cut: PowerCut): Promise<string[]> {
  const { calls, dir: recordedIn } = scene.recorded;
  const dir = join(temporaryFolder(), 'cut');
  cpSync(scene.start, dir, { recursive: true, preserveTimestamps: true });
  replay(calls, cut, (path) => (path.startsWith(recordedIn) ? dir + path.slice(recordedIn.length) : path));
  const isReported = cut.length === calls.length;
  const problems = [...(await problemsWith(dir, scene, isReported))];
  const where = describeCut(calls, cut).replaceAll(recordedIn, '');
  return problems.map(
    (problem) => `${where}: ${problem.replaceAll(dir, '').replaceAll('\n', '⏎').slice(0, 500)}`,
  );
}

async function problemsWith(
  dir: string,
  { before, after }: Recorded,
  isReported: boolean,
): Promise<string[]> {
  const now = await settled(dir, before);
  const problems: string[] = [];
  const allowed = isReported ? [after] : [before, after];
  for (const part of ['refs', 'head'] as const)
    if (!allowed.some((one) => one[part] === now[part])) problems.push(`${part}: ${now[part]}`);
  for (const name of new Set(allowed.flatMap(({ state }) => Object.keys(state))))
    // What cfg has noted about a merge, to know what is left to do, is its own business until it has reported.
    if (
      (isReported || !name.endsWith('cfg/merge.json')) &&
      !allowed.some(({ state }) => state[name] === now.state[name])
    )
      problems.push(`state ${name}: ${now.state[name] ?? 'gone'}`);
  if (![before.complaint, after.complaint, ''].includes(now.complaint))
    problems.push(`git fsck: ${now.complaint}`);
  return now.head === 'none' ? problems : [...problems, ...(await problemsOfNext(dir))];
}

/** What is said to be made again by others: half a change of several refs by the next command, the index by fsck. */
async function settled(dir: string, before: Observed): Promise<Observed> {
  const now = observe(dir);
  if (now.head === 'none') return now;
  if (now.litter.some((name) => name.includes('/journal.'))) await run(['branch'], { cwd: dir });
  if (!before.complaint.includes('index') && /index/.test(now.complaint))
    await run(['fsck', '--repair'], { cwd: dir });
  return observe(dir);
}

async function problemsOfNext(dir: string): Promise<string[]> {
  const { code, stderr } = await run(['log', '-n', '1'], { cwd: dir });
  return code === 0 || stderr.includes('E_') ? [] : [`cfg log: exit ${code}: ${stderr}`];
}
