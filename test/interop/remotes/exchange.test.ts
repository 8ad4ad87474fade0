import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { environment, shell } from '../../cli/command-line.js';
import { serveHttp } from './http-server.js';
import { commit, newWorld, type World } from './world.js';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Route {
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function daemon(root: string): Promise<number> {
  const port = await freePort();
  const words = `daemon --listen=127.0.0.1 --port=${port} --export-all --enable=receive-pack --base-path=${root} ${root}`;
  const child: ChildProcess = spawn('git', words.split(' '), {
    env: environment(),
    stdio: 'ignore',
    detached: true,
  });
  closing.push(() => void (child.pid !== undefined && process.kill(-child.pid)));
  for (let tries = 0; tries < 100 && !(await answers(port)); tries += 1) await sleep(50);
  return port;
}

/** Stands in for ssh: drops the host and its options, and runs the command here. */
function fakeSsh(dir: string): string {
  const path = join(dir, 'ssh');
  writeFileSync(
    path,
    '#!/bin/sh\nwhile [ $# -gt 1 ]; do case "$1" in -p) shift 2;; *) echo "$1" >>"$0.log"; shift;; esac; done\nexec sh -c "$1"\n',
  );
  chmodSync(path, 0o755);
  return path;
}

const routes: Readonly<Record<string, (world: World) => Promise<Route>>> = {
  path: async ({ dir }) => ({ url: join(dir, 'srv.git') }),
  'file://': async ({ dir }) => ({ url: `file://${dir}/srv.git` }),
  http: async ({ dir, git }) => {
    git('srv.git', 'config http.receivepack true');
    const server = await serveHttp({ root: dir });
    closing.push(server.close);
    return { url: `${server.url}/srv.git` };
  },
  'http with a login': async ({ dir }) => {
    const server = await serveHttp({ root: dir, login: 'x-access-token:s3cret' });
    closing.push(server.close);
    return { url: `${server.url}/srv.git`, env: { CFG_TOKEN: 's3cret' } };
  },
  'git daemon': async ({ dir }) => ({ url: `git://127.0.0.1:${await daemon(dir)}/srv.git` }),
  ssh: async ({ dir }) => ({
    url: `ssh://me@host:2222${dir}/srv.git`,
    env: { GIT_SSH_COMMAND: fakeSsh(dir) },
  }),
  'ssh as scp has it': async ({ dir }) => ({ url: `me@host:${dir}/srv.git`, env: { GIT_SSH: fakeSsh(dir) } }),
};

describe.each(Object.entries(routes))('by %s', (_name, open) => {
  it('two clones and plain git exchange branches, tags and approvals', async () => {
    const world = newWorld();
    const { cfg, answer, git, dir } = world;
    const { url, env = {} } = await open(world);
    const options = { env };
    const one = await answer('', ['clone', url, 'one'], options);
    expect(one).toMatchObject({ dir: join(dir, 'one'), remote: 'origin', branch: 'main', url });
    await cfg('', ['clone', url, 'two', '-b', 'feature'], options);
    expect(git('two', 'rev-parse --abbrev-ref HEAD @{u}')).toBe('feature\norigin/feature');

    // One makes a branch, a release and an approval; the other gets them.
    await cfg('one', ['switch', '-c', 'raise']);
    const raised = await commit(world, 'one', 'a.yaml#one', '10');
    await cfg('one', ['tag', '1.1.0']);
    await cfg('one', ['approve', 'raise', '-m', 'fine']);
    const pushed = await answer('one', ['push', '-u', 'origin', 'raise', 'v1.1.0'], options);
    expect(pushed).toMatchObject({
      upstream: 'origin/raise',
      updates: [{ result: 'new' }, { ref: 'refs/heads/raise', after: raised }, {}],
    });
    await cfg('two', ['fetch'], options);
    expect(git('two', 'rev-parse origin/raise v1.1.0^{}')).toBe(`${raised}\n${raised}`);
    expect(await answer('two', ['approvals', 'origin/raise'])).toMatchObject({
      approvals: [{ message: 'fine' }],
    });

    // Both change different keys of the same branch: the second one is told to pull, and merges by key.
    await cfg('one', ['switch', 'main']);
    await commit(world, 'one', 'a.yaml#one', '11');
    await cfg('one', ['push'], options);
    await cfg('two', ['switch', 'main']);
    expect(git('two', 'rev-parse --abbrev-ref @{u}')).toBe('origin/main');
    await commit(world, 'two', 'a.yaml#two', '22');
    const refused = await cfg('two', ['push', 'origin', 'main'], { ...options, code: 3 });
    expect(refused.stderr).toBe(
      "error: 'origin' has commits on 'main' that are not here\nhint: bring them in first: cfg pull origin main\n",
    );
    expect(await answer('two', ['pull', 'origin', 'main'], options)).toMatchObject({
      merge: { result: 'merged' },
    });
    await cfg('two', ['push'], options);
    expect((await cfg('two', ['push'], options)).stdout).toMatch(
      /^Nothing to send to .+; tags go by name or with --tags\n$/,
    );
    expect(git('srv.git', 'show main:a.yaml')).toBe('one: 11\ntwo: 22');

    // A plain git client takes part.
    git('', 'clone -q srv.git plain');
    world.write('plain/a.yaml', 'one: 11\ntwo: 23\n');
    git('plain', 'commit -q -a -m plain');
    git('plain', 'push -q origin main');
    // Who has not merged that yet can send an approval all the same.
    await cfg('one', ['fetch'], options);
    await cfg('one', ['approve', 'origin/feature']);
    expect(await answer('one', ['push'], options)).toMatchObject({
      updates: [{ ref: expect.stringMatching(/^refs\/cfg\/approvals\//), result: 'new' }],
    });
    expect(await answer('one', ['pull'], options)).toMatchObject({ merge: { result: 'fast-forward' } });
    expect(await answer('one', ['status'])).toMatchObject({
      upstream: { ref: 'origin/main', ahead: 0, behind: 0 },
    });
    for (const folder of ['one', 'two', 'srv.git', 'plain']) git(folder, 'fsck --strict --full');
    expect(git('one', 'status --porcelain')).toBe('');
    expect(existsSync(join(dir, 'one/.git/shallow'))).toBe(false);
    expect(shell('grep -r s3cret one/.git two/.git', { cwd: dir }).stdout).toBe('');
  });
});
