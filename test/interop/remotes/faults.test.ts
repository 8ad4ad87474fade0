import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run, shell } from '../../cli/command-line.js';
import { serveHttp, type GitServer, type ServerOptions } from './http-server.js';
import { commit, newWorld, type World } from './world.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(world: World, options: Omit<ServerOptions, 'root'> = {}): Promise<GitServer> {
  const server = await serveHttp({ root: world.dir, ...options });
  closing.push(server.close);
  return server;
}

/** Every file below a folder but the configuration and logs of a run, for "nothing changed". */
function snapshot(world: World, folder: string): string {
  const { stdout } = shell('find . -type f -not -path "./cfg/locks/*" | sort | xargs sha1sum', {
    cwd: join(world.dir, folder, '.git'),
  });
  return stdout;
}

describe('a clone that fails', () => {
  const absent = 'see whether the address is right';
  it.each<readonly [string, Omit<ServerOptions, 'root'>, string, string]>([
    ['not there', { answer: () => ({ status: 404 }) }, 'is not there (404)', absent],
    [
      'no rights',
      { answer: () => ({ status: 403 }) },
      'does not allow this (403)',
      'see whether the login has the rights',
    ],
    ['a login is missing', { login: 'a:b' }, 'needs a login', 'set CFG_TOKEN, add the host to ~/.netrc'],
    [
      'a broken server',
      { answer: () => ({ status: 500 }) },
      'answered with status 500',
      'the server has a problem',
    ],
    ['cut at once', { cutAfter: 0 }, 'broke off the transfer', 'nothing was changed here'],
    ['cut in the pack', { cutAfter: 60 }, 'broke off the transfer', 'nothing was changed here'],
    [
      'a redirect to nowhere',
      { answer: () => ({ status: 302, location: '/login' }) },
      'leads to another address',
      'use that address',
    ],
    [
      'redirects without end',
      { answer: ({ url }) => ({ status: 302, location: url ?? '' }) },
      'redirects where it should answer (302)',
      '',
    ],
  ])('%s', async (_what, options, message, hint) => {
    const world = newWorld();
    const { url } = await serve(world, options);
    const before = readdirSync(world.dir).toSorted();
    const { code, stderr, stdout } = await run(['clone', `${url}/srv.git`, 'deep/copy'], { cwd: world.dir });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(`error: '${url}/srv.git' ${message}`);
    expect(stderr).toContain(hint);
    expect(readdirSync(world.dir).toSorted()).toEqual(before);
  });

  it.each([
    ['http://127.0.0.1:1/x.git', 'cannot be reached: nobody answers there (ECONNREFUSED)'],
    ['git://127.0.0.1:1/x.git', 'cannot be reached: connect ECONNREFUSED'],
    ['http://does-not-exist.invalid/x.git', 'cannot be reached: no such host'],
    ['nothing-here', 'is not there'],
    ['seed/b', 'is no repository'],
    ['ssh://host/x.git', "needs the program 'no-such-ssh', which is not installed"],
  ])('%s', async (url, message) => {
    const { dir } = newWorld();
    const result = await run(['clone', url, 'copy'], { cwd: dir, env: { GIT_SSH: 'no-such-ssh' } });
    expect(result.code).toBe(4);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toMatch(/^error: .*\nhint: .*\n$/);
    expect(existsSync(join(dir, 'copy'))).toBe(false);
  });

  it('a web page', async () => {
    const world = newWorld();
    const server = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { stderr } = await world.cfg('', ['ls-remote', `http://127.0.0.1:${port}/page`], { code: 4 });
    expect(stderr).toContain("is no Git repository: it answers with 'unknown'");
  });
});

describe('a login', () => {
  it.each<readonly [string, (world: World, url: string) => Readonly<Record<string, string>>]>([
    ['of the address', () => ({})],
    ['of CFG_TOKEN', () => ({ CFG_TOKEN: 'pass' })],
    [
      'of ~/.netrc',
      ({ dir, write }) => {
        write(
          'home/.netrc',
          'machine other login x password y\nmachine 127.0.0.1\n  login x-access-token password pass\n',
        );
        return { HOME: join(dir, 'home') };
      },
    ],
    [
      'of a credential helper',
      ({ dir, write }) => {
        const helper = `!f() { echo "$1" >>${dir}/asked; cat >>${dir}/asked; [ "$1" = get ] && printf "username=x-access-token\\\\npassword=pass\\\\n"; }; f`;
        write('home/.gitconfig', `[credential]\n\thelper = "${helper.replaceAll('"', '\\"')}"\n`);
        return { HOME: join(dir, 'home'), GIT_CONFIG_GLOBAL: join(dir, 'home/.gitconfig') };
      },
    ],
  ])('%s', async (what, arrange) => {
    const world = newWorld();
    const { url } = await serve(world, { login: 'x-access-token:pass' });
    const env = arrange(world, url);
    const address = what === 'of the address' ? url.replace('//', '//x-access-token:pass@') : url;
    const result = await run(['clone', `${address}/srv.git`, 'copy'], { cwd: world.dir, env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(`Cloned ${url}/srv.git into copy`);
    const asked = join(world.dir, 'asked');
    const told = existsSync(asked)
      ? shell('grep -E "^(get|store|erase)" asked', { cwd: world.dir }).stdout
      : 'get\nstore\n';
    expect(told).toBe('get\nstore\n');
    expect(shell('grep -r pass copy/.git/logs', { cwd: world.dir }).stdout).toBe('');
  });

  it('that is wrong is told to the helper, and never shown', async () => {
    const world = newWorld();
    const { url } = await serve(world, { login: 'me:right' });
    world.write(
      'home/.gitconfig',
      `[credential]\n\thelper = "!f() { echo $1 >>${world.dir}/asked; echo username=me; echo password=wr0ng; }; f"\n`,
    );
    const env = { GIT_CONFIG_GLOBAL: join(world.dir, 'home/.gitconfig') };
    const { code, stderr } = await run(['clone', `${url}/srv.git`, 'copy'], { cwd: world.dir, env });
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining(
        `error: '${url}/srv.git' does not accept the login\nhint: set CFG_TOKEN`,
      ),
    });
    expect(stderr).not.toContain('wr0ng');
    expect(shell('cat asked', { cwd: world.dir }).stdout).toBe('get\nerase\n');
  });

  it('is not handed to another server that this one redirects to', async () => {
    const world = newWorld();
    const other = await serve(world);
    const first = await serve(world, {
      login: 'x-access-token:pass',
      answer: ({ url = '', headers }) =>
        headers.authorization === undefined ? undefined : { status: 302, location: other.url + url },
    });
    const env = { CFG_TOKEN: 'pass' };
    await world.cfg('', ['clone', `${first.url}/srv.git`, 'copy'], { env });
    expect(first.logins.some((login) => login !== undefined)).toBe(true);
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.logins.every((login) => login === undefined)).toBe(true);
  });
});

describe('a transfer that breaks off', () => {
  it('leaves the clone as it was, and the next one succeeds', async () => {
    const world = newWorld();
    const good = await serve(world);
    const bad = await serve(world, { cutAfter: 70 });
    await world.cfg('', ['clone', `${good.url}/srv.git`, 'copy']);
    world.write('seed/d.yaml', 'd: 1\n');
    world.git('seed', 'add -A');
    world.git('seed', 'commit -q -m more');
    world.git('seed', 'push -q ../srv.git main');
    const before = snapshot(world, 'copy');
    world.git('copy', `remote set-url origin ${bad.url}/srv.git`);
    const config = snapshot(world, 'copy');
    expect(config).not.toBe(before);
    const { stderr } = await world.cfg('copy', ['fetch'], { code: 4 });
    expect(stderr).toContain('broke off the transfer');
    expect(snapshot(world, 'copy')).toBe(config);
    world.git('copy', `remote set-url origin ${good.url}/srv.git`);
    await world.cfg('copy', ['pull']);
    expect(world.git('copy', 'log -1 --format=%s')).toBe('more');
  });
});

it('a fetch of more than a pipe holds ends when nothing of it can be kept, and the next one succeeds', async () => {
  const world = newWorld();
  await world.cfg('', ['clone', 'srv.git', 'copy']);
  world.write('seed/big.bin', randomBytes(300_000).toString('latin1'));
  world.git('seed', 'add -A');
  world.git('seed', 'commit -q -m big');
  world.git('seed', 'push -q ../srv.git main');
  const packs = join(world.dir, 'copy/.git/objects/pack');
  rmSync(packs, { recursive: true });
  writeFileSync(packs, '');
  expect((await world.cfg('copy', ['fetch'], { code: 4 })).stderr).toContain('EEXIST');
  rmSync(packs);
  await world.cfg('copy', ['pull']);
  expect(world.git('copy', 'log -1 --format=%s')).toBe('big');
});

it('what is over leaves no connection', async () => {
  const world = newWorld();
  const server = await serve(world);
  await world.cfg('', ['clone', `${server.url}/srv.git`, 'copy']);
  await world.cfg('copy', ['fetch']);
  await world.cfg('copy', ['ls-remote']);
  await expect.poll(server.connections).toBe(0);
});

describe('what a server may not do', () => {
  it('move a tag that is here', async () => {
    const world = newWorld();
    await world.cfg('', ['clone', 'srv.git', 'copy']);
    const before = world.git('copy', 'rev-parse v1.0.0');
    world.git('srv.git', 'update-ref refs/tags/v1.0.0 main');
    const answer = await world.answer('copy', ['fetch', '--tags']);
    expect(answer).toMatchObject({
      fetched: [{ updates: [{ ref: 'refs/tags/v1.0.0', result: 'rejected', reason: 'a tag never moves' }] }],
    });
    expect(world.git('copy', 'rev-parse v1.0.0')).toBe(before);
  });
});

describe('a push', () => {
  it.each<readonly [string, readonly string[], number, string]>([
    ['of something older', ['push', 'origin', 'HEAD~1:main'], 3, 'has commits on'],
    ['of another value of a tag', ['push', 'origin', 'HEAD:refs/tags/v1.0.0'], 3, 'a version never moves'],
    ['by force', ['push', 'origin', '+main'], 2, "cannot force '+main'"],
    ['of what is not there', ['push', 'origin', 'mian'], 4, "no revision 'mian'"],
    [
      'that deletes what is not there',
      ['push', '--delete', 'origin', 'featur'],
      4,
      "did you mean 'feature'?",
    ],
    ['to an unknown remote', ['push', 'orgin'], 2, "did you mean 'origin'?"],
    ['to an address', ['push', '../srv.git'], 2, 'cfg remote add NAME ../srv.git'],
  ])('%s is refused, and nothing is sent', async (_what, words, code, message) => {
    const world = newWorld();
    await world.cfg('', ['clone', 'srv.git', 'copy']);
    const before = world.git('srv.git', 'for-each-ref');
    expect((await world.cfg('copy', words, { code })).stderr).toContain(message);
    expect(world.git('srv.git', 'for-each-ref')).toBe(before);
  });

  it('replaces commits only where nobody pushed since', async () => {
    const world = newWorld();
    await world.cfg('', ['clone', 'srv.git', 'one']);
    await world.cfg('', ['clone', 'srv.git', 'two']);
    await commit(world, 'two', 'a.yaml#two', '5');
    await world.cfg('two', ['push']);
    world.git('one', 'commit -q --amend -m amended');
    const refused = await world.cfg('one', ['push', '--force-with-lease'], { code: 3 });
    expect(refused.stderr).toContain("'main' is not where it was last seen at 'origin'");
    await world.cfg('one', ['fetch']);
    expect(await world.answer('one', ['push', '--force-with-lease'])).toMatchObject({
      updates: [{ result: 'forced' }],
    });
  });

  it('to a protected branch is judged before anything is sent', async () => {
    const world = newWorld();
    world.write('seed/cfg.yaml', 'version: 1\nbranches:\n  main: { protection: standard }\n');
    world.git('seed', 'add -A');
    world.git('seed', 'commit -q -m protect');
    world.git('seed', 'push -q ../srv.git main');
    await world.cfg('', ['clone', 'srv.git', 'copy']);
    world.write('copy/a.yaml', 'one: 5\ntwo: 2\n');
    world.git('copy', 'commit -q -a -m direct');
    const before = world.git('srv.git', 'for-each-ref');
    const { stderr } = await world.cfg('copy', ['push'], { code: 3 });
    expect(stderr).toContain("branch 'main' is protected (standard): it takes merges only, no direct commit");
    expect((await world.cfg('copy', ['push', '--delete', 'origin', 'main'], { code: 3 })).stderr).toContain(
      'cannot be deleted',
    );
    expect(world.git('srv.git', 'for-each-ref')).toBe(before);
    // The way that is allowed; the other clone then follows without a merge of its own.
    await world.cfg('', ['clone', 'srv.git', 'other']);
    world.git('copy', 'branch direct');
    world.git('copy', 'reset -q --hard origin/main');
    await world.cfg('copy', ['merge', 'direct']);
    await world.cfg('copy', ['push']);
    expect(await world.answer('other', ['pull'])).toMatchObject({ merge: { result: 'fast-forward' } });
    // A bypass with plain git is not followed silently.
    world.git('', 'clone -q srv.git plain');
    world.git('plain', 'commit -q --allow-empty -m bypass');
    world.git('plain', 'push -q');
    const bypass = await world.cfg('other', ['pull'], { code: 3 });
    expect(bypass.stderr).toContain('it takes merges only, no direct commit (commit ');
  });

  it('that a hook refuses tells what the hook says', async () => {
    const world = newWorld();
    await world.cfg('', ['clone', 'srv.git', 'copy']);
    world.write(
      'srv.git/hooks/pre-receive',
      '#!/bin/sh\necho "error: not on a Friday" >&2\necho "hint: wait for Monday" >&2\nexit 1\n',
    );
    shell('chmod +x srv.git/hooks/pre-receive', { cwd: world.dir });
    await commit(world, 'copy', 'a.yaml#one', '9');
    const { stderr } = await world.cfg('copy', ['push'], { code: 3 });
    expect(stderr).toBe(
      `error: '${join(world.dir, 'srv.git')}' refused 'main': pre-receive hook declined: not on a Friday\nhint: wait for Monday\n`,
    );
    expect(world.git('copy', 'rev-parse origin/main')).toBe(world.git('srv.git', 'rev-parse main'));
  });
});
