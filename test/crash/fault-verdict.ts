/** What a command owes after a fault: the old state or the new one, nothing left behind, and the same command again comes to the new one. */
import { run } from '../cli/command-line.js';
import { type CommandCase, stepwise } from './command-cases.js';
import { type Fault, faultDisk } from './fault-fs.js';
import { differences, observe, type Observed, strayParts } from './observed.js';
import { runOn } from './run-on.js';
import { type Above, copyOf, type Scene } from './scene.js';

/** What is not as promised after running into a fault. */
export async function problemsWith(scene: Scene, fault: Fault, above: Above = (fs) => fs): Promise<string[]> {
  const dir = copyOf(scene.start);
  const faulty = faultDisk(fault);
  const { code, stderr } = await runOn(above(faulty.fs), scene.subject.line, { cwd: dir });
  const isAlive = fault.mode.startsWith('error');
  const now = await observeSettled(dir, scene.subject);
  const problems = strayParts(now, scene.before, scene.after);
  if (![scene.before.complaint, scene.after.complaint].includes(now.complaint))
    problems.push(`git fsck: ${now.complaint}`);
  if (isAlive && code === 70) problems.push(`untyped error: ${stderr}`);
  if (fault.mode === 'error-once')
    problems.push(...afterError(scene, { now, code, call: faulty.calls[fault.at] }));
  problems.push(...(await afterRetry(scene, dir)));
  const where = `${fault.mode} at ${fault.at} (${faulty.calls[fault.at]?.replaceAll(dir, '')})`;
  return problems.map(
    (problem) => `${where}: ${problem.replaceAll(dir, '').replaceAll('\n', '⏎').slice(0, 400)}`,
  );
}

/** A change of several refs may be half done, as long as it is written down: then the next command, whichever it is, ends it. */
async function observeSettled(dir: string, { mayLeave }: CommandCase): Promise<Observed> {
  const now = observe(dir, mayLeave);
  if (!now.litter.some((name) => name.includes('/journal.'))) return now;
  await run(['branch'], { cwd: dir });
  return observe(dir, mayLeave);
}

/** A process that goes on after an error has either done it all or nothing, and cleans up. */
function afterError(
  { subject, before, after }: Scene,
  {
    now,
    code,
    call = '',
  }: { readonly now: Observed; readonly code: number; readonly call: string | undefined },
): string[] {
  const wanted = code > 1 ? before : after;
  // Of a repository that is being made HEAD is a step like others; refs that follow a remote go before its settings do.
  const isWhole = (part: string): boolean =>
    !/^(init|remote)$/.test(subject.command) && /^(refs|head):/.test(part);
  // Settings are in place then, and whether they are durable nobody knows.
  const isUnsure = (part: string): boolean => call.startsWith('sync') && part.startsWith('state .git/config');
  const isStep = (part: string): boolean =>
    isUnsure(part) || (stepwise.has(subject.command) && !isWhole(part));
  const problems = differences(now, wanted)
    .filter((part) => !isStep(part) && !part.includes('cfg/merge.json'))
    .map((part) => `exit ${code}, but ${part}`);
  const left = now.litter.filter((name) => !before.litter.includes(name));
  if (left.length > 0 && !/^(unlink|rmdir) /.test(call)) problems.push(`left behind: ${left.join(', ')}`);
  return problems;
}

/** The same command by a new process comes to the new state without help. */
async function afterRetry({ subject, after }: Scene, dir: string): Promise<string[]> {
  const { code, stderr } = await run(subject.line, { cwd: dir });
  const problems = code === 70 ? [`again: ${stderr}`] : [];
  const now = observe(dir, subject.mayLeave);
  const missing = subject.isOnce === true ? [] : differences(now, after);
  problems.push(...missing.map((part) => `again (exit ${code}: ${stderr.trim()}): ${part}`));
  if (now.complaint !== '') problems.push(`again: git fsck: ${now.complaint}`);
  const left = now.litter.filter((name) => !/tmp_(obj|pack|idx)_/.test(name));
  if (left.length > 0) problems.push(`again: left behind: ${left.join(', ')}`);
  const next = subject.line.includes('--bare') ? undefined : await run(['status'], { cwd: dir });
  if (next !== undefined && next.code !== 0) problems.push(`cfg status: ${next.stderr}`);
  return problems;
}
