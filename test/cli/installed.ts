import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Where the package is, as `npm install` leaves it, made from the sources as they are now. It goes with the process. */
export interface Installed {
  readonly dir: string;
  readonly program: string;
}

export function installProgram(): Installed {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'cfg-program-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  cpSync(join(root, 'bin'), join(dir, 'bin'), { recursive: true });
  cpSync(join(root, 'package.json'), join(dir, 'package.json'));
  make('scripts/bundle.js', join(dir, 'dist/bundle'));
  return { dir, program: join(dir, 'bin/cfg.js') };
}

/** The library too, and a folder for PATH that has `cfg`. */
export function installPackage(): Installed & { readonly path: string } {
  const installed = installProgram();
  make('scripts/library.js', join(installed.dir, 'dist'));
  symlinkSync(join(root, 'node_modules'), join(installed.dir, 'node_modules'));
  const path = join(installed.dir, 'path');
  mkdirSync(path);
  symlinkSync(installed.program, join(path, 'cfg'));
  return { ...installed, path };
}

function make(script: string, out: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, script), out], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} fails: ${stderr}`);
}
