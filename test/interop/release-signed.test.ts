import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeys } from '../repo/signing-keys.js';
import { Hub, type Person, type Run } from './person.js';

const settings = `version: 1
branches:
  main: { protection: strict, approvals: { count: 1, signed: true }, signed: true }
  release/*: { protection: basic, signed: true }
`;
const approvals = 'refs/cfg/approvals/*:refs/cfg/approvals/*';

interface Cast {
  readonly dev: Person;
  readonly rev: Person;
  readonly hub: Hub;
  readonly keys: SigningKeys;
}

let cast: Cast | undefined;
const people = (): Cast => {
  if (cast === undefined) throw new Error('not set up');
  return cast;
};

/** A bare repository with the hook, which knows who may sign, and two clones whose owners sign. `main` holds one change that was reviewed. */
beforeAll(async () => {
  const keys = new SigningKeys(['dev', 'rev', 'outsider']);
  const hub = await Hub.open();
  hub.done('config', 'gpg.ssh.allowedSignersFile', keys.allowed);
  const clone = (name: string): Person => {
    const person = hub.clone(name);
    keys.configure(person, name);
    person.done('config', 'commit.gpgSign', 'true');
    return person;
  };
  cast = { dev: clone('dev'), rev: clone('rev'), hub, keys };
  const { dev } = cast;
  dev.git('checkout', '-q', '-b', 'main');
  dev.write('cfg.yaml', settings);
  dev.write('app.yaml', 'replicas: 1\n');
  await dev.ran('add', '-A');
  await dev.ran('commit', '-m', 'first');
  dev.done('push', '-q', '-u', 'origin', 'main');
}, 60_000);

afterAll(() => {
  cast?.keys.remove();
  cast?.hub.remove();
});

describe('a release where everything is signed', () => {
  it('is refused, approved, merged and tagged; git agrees with every signature', async () => {
    const { dev, rev, hub } = people();
    await dev.ran('switch', '-c', 'more');
    await dev.ran('set', 'app.yaml#replicas', '3');
    await dev.ran('commit', '-a', '-m', 'more replicas');
    dev.done('push', '-q', 'origin', 'more');
    await dev.ran('switch', 'main');
    expect(await dev.cfg('merge', 'more')).toMatchObject({
      code: 3,
      out: expect.stringContaining("'more' lacks 1 of 1 signed approval"),
    });
    rev.sync();
    await rev.ran('approve', 'origin/more', '-m', 'fine');
    rev.done('push', '-q', 'origin', approvals);
    dev.sync();
    await dev.ran('merge', 'more');
    await dev.ran('tag', '1.0.0', '-S');
    dev.done('push', '-q', 'origin', 'main', 'v1.0.0');
    for (const check of [
      ['verify-commit', 'main'],
      ['verify-commit', 'main^2'],
      ['verify-tag', 'v1.0.0'],
    ])
      expect(hub.git(...check)).toMatchObject({ code: 0 });
    expect(await hub.ran('verify', 'main')).toContain('every step met its protection rules');
    expect(await hub.ran('verify', 'v1.0.0')).toContain('signed by dev@example.com');
    expect(await hub.ran('approvals', 'main^2')).toMatch(
      /rev <rev@example\.com> +signed by rev@example\.com/,
    );
  }, 60_000);
});

/** What somebody with push rights tries with plain git, and what the server answers. */
const bypasses: readonly (readonly [name: string, attempt: (dev: Person) => Run, refusal: string])[] = [
  [
    "an approval in the reviewer's name, not signed",
    (dev) => (topic(dev), forge(dev, approvalBy('rev')), dev.git('push', 'origin', approvals)),
    'is not signed by an allowed signer (not signed)',
  ],
  [
    "an approval in the reviewer's name, signed by the author, with the merge",
    (dev) => (
      topic(dev),
      forge(dev, approvalBy('rev'), 'dev'),
      merge(dev),
      dev.git('push', 'origin', 'HEAD:main', approvals)
    ),
    'not counting 1 by an author of it',
  ],
  [
    "the reviewer's signature of something else",
    (dev) => {
      const [ref = ''] = dev.done('for-each-ref', '--format=%(refname)', 'refs/cfg/approvals').split('\n');
      const head = topic(dev);
      forge(dev, () => dev.done('cat-file', 'tag', ref).replace(/^object .*/, `object ${head}`) + '\n');
      return dev.git('push', 'origin', approvals);
    },
    'incorrect signature',
  ],
  [
    'a commit that is signed as a commit, passed off as an approval',
    (dev) => (topic(dev), forge(dev, approvalBy('rev'), 'rev', 'git'), dev.git('push', 'origin', approvals)),
    'is not signed by an allowed signer',
  ],
  [
    'a merge commit without a signature, of an approved head',
    (dev) => (
      topic(dev),
      forge(dev, approvalBy('rev'), 'rev'),
      merge(dev, '--no-gpg-sign'),
      dev.git('push', 'origin', 'HEAD:main', approvals)
    ),
    'a new commit is not signed by an allowed signer',
  ],
  [
    'commits without a signature, which bring their own allowed signers, on a new branch that a rule matches',
    (dev) => {
      dev.write('allowed_signers', `dev@example.com ${people().keys.publicKey('outsider')}`);
      dev.done('config', 'gpg.ssh.allowedSignersFile', 'allowed_signers');
      dev.done('add', '-A');
      dev.done('-c', `user.signingKey=${join(people().keys.dir, 'outsider')}`, 'commit', '-q', '-m', 'mine');
      return dev.git('push', 'origin', 'HEAD:refs/heads/release/1');
    },
    'its key is not one of an allowed signer',
  ],
];

/** A signed commit on a detached HEAD that nobody approved; its id. */
function topic(dev: Person): string {
  dev.write('app.yaml', `replicas: ${Date.now()}\n`);
  dev.done('commit', '-q', '-a', '-m', 'topic');
  dev.done('branch', '-q', '-f', 'topic');
  return dev.done('rev-parse', 'topic');
}

function merge(dev: Person, ...options: readonly string[]): void {
  dev.done('checkout', '-q', '--detach', 'origin/main');
  dev.done('merge', '-q', '--no-ff', ...options, '-m', 'merge', 'topic');
}

function approvalBy(name: string): (commit: string) => string {
  return (commit) =>
    `object ${commit}\ntype commit\ntag approval\ntagger ${name} <${name}@example.com> 1700000000 +0000\n\nok\n`;
}

/** An approval of `topic` as anybody can write it, signed with a key of somebody's. */
function forge(
  dev: Person,
  textOf: (commit: string) => string,
  signer?: string,
  namespace = 'cfg-approval',
): void {
  const commit = dev.done('rev-parse', 'topic');
  const text = textOf(commit);
  const run = (program: string, args: readonly string[], input: string): string =>
    spawnSync(program, args, { cwd: dev.dir, env: dev.env, input, encoding: 'utf8' }).stdout;
  const key = join(people().keys.dir, signer ?? '');
  const signature =
    signer === undefined ? '' : run('ssh-keygen', ['-Y', 'sign', '-n', namespace, '-f', key], text);
  const oid = run('git', ['mktag'], text + signature).trim();
  dev.done('update-ref', `refs/cfg/approvals/${commit}/${oid}`, oid);
}

describe('a way around the signatures', () => {
  it.each(bypasses)('%s is refused by the server', (_, attempt, refusal) => {
    const { dev, hub, keys } = people();
    dev.sync();
    dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
    const refs = hub.done('for-each-ref');
    const { code, out } = attempt(dev);
    dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
    keys.configure(dev, 'dev');
    const made = dev.done('for-each-ref', '--format=%(refname)', 'refs/cfg/approvals').split('\n');
    dev.done('push', '-q', '.', ...made.map((ref) => `:${ref}`));
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining(refusal) });
    expect(hub.done('for-each-ref')).toBe(refs);
  });
});
