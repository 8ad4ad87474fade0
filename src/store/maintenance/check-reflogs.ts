import { join } from 'node:path';
import { readIfPresent } from '../disk.js';
import { type Finding, shownPath } from './finding.js';
import { replaceFile } from './check-refs.js';
import type { Premises } from './premises.js';
import { logFiles } from './roots.js';

const entry = /^[0-9a-f]{40} [0-9a-f]{40} [^\t]*> \d+ [+-]\d{4}(\t.*)?$/;

/** Lines that are no entries: what a power cut tore. */
export function checkReflogs(premises: Premises): Finding[] {
  const { disk, worktrees } = premises;
  return worktrees
    .flatMap(({ gitDir }) => logFiles(disk.fs, join(gitDir, 'logs')))
    .flatMap((path) => {
      const text = readIfPresent(disk.fs, path)?.toString('utf8') ?? '';
      const lines = text.split('\n');
      const bad = lines.findIndex((line, at) =>
        at === lines.length - 1 ? line !== '' : line !== '' && !entry.test(line),
      );
      if (bad < 0) return [];
      const whole = lines.slice(0, -1).filter((line) => entry.test(line));
      const problem = {
        kind: 'reflog',
        path: shownPath(premises, path),
        message: `line ${bad + 1} is no entry`,
        repair: 'keep the lines that are entries',
      } as const;
      return [
        { problem, mend: () => replaceFile(premises, path, whole.map((line) => `${line}\n`).join('')) },
      ];
    });
}
