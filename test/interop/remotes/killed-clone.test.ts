import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { environment, run, type Run } from '../../cli/command-line.js';
import { bundled } from '../../race/bundle.js';
import { serveHttp } from './http-server.js';
import { newWorld } from './world.js';

const entry = join(import.meta.dirname, '../../cli/process-entry.ts');

it('what a clone that was killed had begun goes with the next one beside it; what one that runs has begun stays', async () => {
  const { dir } = newWorld();
  const hidden = (): string[] => readdirSync(dir).filter((name) => name.startsWith('.'));
  const clones: ChildProcess[] = [];
  let onPack = (): unknown => clones[0]?.kill('SIGKILL');
  const server = await serveHttp({
    root: dir,
    answer: ({ method }) => void (method === 'POST' && onPack()),
  });
  onTestFinished(server.close);
  const clone = async (target: string): Promise<NodeJS.Signals | null> => {
    const args = [bundled(entry), 'clone', `${server.url}/srv.git`, target];
    const child = spawn(process.execPath, args, { cwd: dir, env: environment(), stdio: 'ignore' });
    clones.unshift(child);
    return new Promise((done) => child.once('close', (_, signal) => done(signal)));
  };
  expect(await clone('copy')).toBe('SIGKILL');
  expect(hidden()).toHaveLength(1);
  expect(existsSync(join(dir, 'copy'))).toBe(false);
  let seen: string[] = [];
  let beside: Promise<Run> | undefined;
  onPack = () => {
    seen = hidden();
    beside ??= run(['clone', 'srv.git', 'beside'], { cwd: dir });
  };
  expect(await clone('copy')).toBe(null);
  expect(await beside).toMatchObject({ code: 0 });
  expect(seen).toHaveLength(1);
  expect(hidden()).toEqual([]);
  expect(existsSync(join(dir, 'copy/a.yaml'))).toBe(true);
});
