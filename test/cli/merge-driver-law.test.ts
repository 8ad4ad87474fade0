import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs, runTimeoutMs } from '../merge/runs.js';
import { hasMarkers, problemsOf, texts, type Texts } from '../merge/texts.js';
import { emptyFolder, run } from './command-line.js';

const cwd = emptyFolder();
const at = (name: string): string => join(cwd, name);

beforeAll(() => run(['init'], { cwd }));

/** Calls the driver as Git does; what it made of the file with our version. */
async function drive({ path, base, ours, theirs }: Texts): Promise<{ code: number; text: string }> {
  for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(at(name), text);
  const { code } = await run(['merge-driver', 'base', 'ours', 'theirs', '7', path], { cwd });
  return { code, text: readFileSync(at('ours'), 'utf8') };
}

/** Each marker of a conflict in the order of a file. */
const hunks = /^(?:<{7} ours\r?\n[^]*?^\|{7} base\r?\n[^]*?^={7}\r?\n[^]*?^>{7} theirs\r?\n?)/gm;

describe.each(['yaml', 'json', 'ini'] as const)('the merge driver on %s', (format) => {
  it(
    'exits with 0 and a sound file without markers, or with 1 and a file whose conflicts stand between markers',
    async () => {
      await fc.assert(
        fc.asyncProperty(texts(format), async (input) => {
          const { code, text } = await drive(input);
          const inputs = [input.base, input.ours, input.theirs];
          const known = new Set(inputs.flatMap((side) => problemsOf(side, input.path)));
          const problems = problemsOf(text, input.path).filter((problem) => !known.has(problem));
          expect(code).toBe(hasMarkers(text) ? 1 : 0);
          expect(hasMarkers(text.replaceAll(hunks, ''))).toBe(false);
          expect(code === 0 ? problems : []).toEqual([]);
        }),
        runs(300, 10_000),
      );
    },
    runTimeoutMs,
  );
});
