/** Test processes as single files, which start several times faster than through a loader: races are then between commands, not starts. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

const built = new Map<string, string>();
const folder = mkdtempSync(join(tmpdir(), 'cfg-process-'));
// For the packages that are loaded when they are first needed.
symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The path of the bundle of a script; made once a run. */
export function bundled(script: string): string {
  const known = built.get(script);
  if (known !== undefined) return known;
  const outfile = join(folder, basename(script).replace(/\.ts$/, '.mjs'));
  const banner =
    "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";
  buildSync({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
  built.set(script, outfile);
  return outfile;
}
