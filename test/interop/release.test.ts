import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hub, Person, type Run } from './person.js';

const settings = `version: 1
branches:
  main: { protection: strict }
  release/*: { protection: standard }
schemas:
  - { files: app.yaml, schema: app.schema.json }
`;
const schema = '{"type": "object", "properties": {"replicas": {"type": "integer"}}}';
const approvals = 'refs/cfg/approvals/*:refs/cfg/approvals/*';

interface Cast {
  readonly dev: Person;
  readonly rev: Person;
  readonly ci: Person;
  /** The server. */
  readonly hub: Hub;
}

let cast: Cast | undefined;
const people = (): Cast => {
  if (cast === undefined) throw new Error('not set up');
  return cast;
};

/** A bare repository with the hook, and three clones; `main` is strict from its first commit on. */
beforeAll(async () => {
  const hub = await Hub.open();
  cast = { dev: hub.clone('dev'), rev: hub.clone('rev'), ci: hub.clone('ci'), hub };
  const first = cast.dev;
  first.git('checkout', '-q', '-b', 'main');
  first.write('cfg.yaml', settings);
  first.write('app.schema.json', schema);
  first.write('app.yaml', '# the app\nreplicas: 1\n');
  await first.ran('add', '-A');
  await first.ran('commit', '-m', 'first');
  first.done('push', '-q', '-u', 'origin', 'main', 'main:release/1');
}, 60_000);

afterAll(() => cast?.hub.remove());

describe('a release by a developer, a reviewer and a CI job', () => {
  it('is refused, approved, merged, tagged, rolled back and undone', async () => {
    const { dev, rev, ci } = people();
    await dev.cfg('switch', '-c', 'more');
    await dev.cfg('set', 'app.yaml#replicas', '3');
    expect((await dev.cfg('commit', '-a', '-m', 'more replicas')).code).toBe(0);
    dev.done('push', '-q', 'origin', 'more');

    // refused: nobody approved, neither for CI nor for the developer
    ci.sync();
    const asked = await ci.cfg('check', '--into', 'main', 'origin/more', '--json');
    expect(asked.code).toBe(1);
    expect(JSON.parse(asked.out)).toMatchObject({
      allowed: false,
      reasons: [{ rule: 'approvals', hint: expect.stringContaining('cfg approve') }],
      conflicts: [],
      bump: 'patch',
      changes: [{ path: 'app.yaml', changes: [{ path: 'replicas', before: 1, after: 3 }] }],
      approvals: [],
    });
    await dev.cfg('switch', 'main');
    expect(await dev.cfg('merge', 'more')).toMatchObject({
      code: 3,
      out: expect.stringContaining('cfg approve more'),
    });

    // approved: by the author it does not count, by the reviewer it does
    expect((await dev.cfg('approve', 'more')).code).toBe(0);
    expect((await dev.cfg('merge', 'more')).code).toBe(3);
    rev.sync();
    expect((await rev.cfg('approve', 'origin/more', '-m', 'fine')).code).toBe(0);
    rev.done('push', '-q', 'origin', approvals);

    // merged and pushed
    dev.sync();
    expect(await dev.cfg('merge', 'more')).toMatchObject({ code: 0 });
    dev.done('push', '-q', 'origin', 'main', approvals);
    ci.sync();
    expect(await ci.cfg('verify', 'main')).toMatchObject({ code: 0 });
    ci.done('branch', '-q', '-f', 'main', 'origin/main');

    // tagged
    ci.done('checkout', '-q', 'main');
    expect(await ci.cfg('tag', '--bump', 'minor')).toMatchObject({ code: 0 });
    const tag = ci.done('tag', '--list');
    ci.done('push', '-q', 'origin', `refs/tags/${tag}`);
    dev.sync();
    expect(await dev.cfg('verify', tag)).toMatchObject({ code: 0 });

    // rolled back: a change like any other
    await dev.cfg('switch', '-c', 'back');
    expect(await dev.cfg('rollback', 'main~1')).toMatchObject({ code: 0 });
    dev.done('push', '-q', 'origin', 'back');
    rev.sync();
    expect((await rev.cfg('approve', 'origin/back')).code).toBe(0);
    rev.done('push', '-q', 'origin', approvals);
    dev.sync();
    await dev.cfg('switch', 'main');
    expect(await dev.cfg('merge', 'back')).toMatchObject({ code: 0 });
    dev.done('push', '-q', 'origin', 'main');
    expect(await dev.cfg('get', 'app.yaml#replicas')).toMatchObject({ out: '1\n' });

    // undone: not the merge, which is protected, but what came after it
    expect(await dev.cfg('undo')).toMatchObject({
      code: 3,
      out: expect.stringContaining('history cannot be rewritten'),
    });
    await dev.cfg('set', 'app.yaml#replicas', '9');
    expect(await dev.cfg('undo')).toMatchObject({ code: 0 });
    expect(dev.done('status', '--porcelain')).toBe('');
    expect(people().hub.done('fsck', '--strict')).not.toMatch(/error|missing/);
  }, 120_000);
});

/** Ways around the rules with plain git, each on a branch of its own; what the server answers. */
const bypasses: readonly (readonly [name: string, attempt: (dev: Person) => Run, refusal: string])[] = [
  [
    'a direct commit',
    (dev) => {
      dev.write('app.yaml', 'replicas: 66\n');
      dev.done('commit', '-q', '-a', '-m', 'direct');
      return dev.git('push', 'origin', 'HEAD:main');
    },
    'takes merges only',
  ],
  [
    'a merge that nobody approved',
    (dev) => {
      topic(dev);
      dev.done('checkout', '-q', '--detach', 'origin/main');
      dev.done('merge', '-q', '--no-ff', '-m', 'merge', 'topic');
      return dev.git('push', 'origin', 'HEAD:main');
    },
    'lacks 1 of 1 approval',
  ],
  [
    'a merge approved by its author, whose address is written otherwise',
    (dev) => {
      topic(dev);
      const other = { GIT_COMMITTER_EMAIL: 'DEV@EXAMPLE.COM' };
      const head = dev.done('rev-parse', 'topic');
      approveByHand(dev, head, other);
      dev.done('checkout', '-q', '--detach', 'origin/main');
      dev.done('merge', '-q', '--no-ff', '-m', 'merge', 'topic');
      return dev.git('push', 'origin', 'HEAD:main', approvals);
    },
    '1 by an author of it',
  ],
  [
    'an approved head with something else in the merge commit',
    (dev) => {
      topic(dev);
      approveByHand(dev, dev.done('rev-parse', 'topic'), { GIT_COMMITTER_EMAIL: 'rev@example.com' });
      dev.done('checkout', '-q', '--detach', 'origin/main');
      dev.done('merge', '-q', '--no-ff', '--no-commit', 'topic');
      dev.write('evil.yaml', 'a: 1\n');
      dev.done('add', '-A');
      dev.done('commit', '-q', '-m', 'merge');
      return dev.git('push', 'origin', 'HEAD:main', approvals);
    },
    'has content that is not in',
  ],
  [
    'a forced push',
    (dev) => {
      topic(dev);
      dev.done('checkout', '-q', '--detach', 'origin/main~1');
      return dev.git('push', '--force', 'origin', 'HEAD:main');
    },
    'cannot be rewritten',
  ],
  ['a deletion', (dev) => dev.git('push', 'origin', '--delete', 'main'), 'cannot be deleted'],
  [
    'another name in the place of the branch',
    (dev) => dev.git('push', '--atomic', 'origin', 'HEAD:refs/heads/trunk', ':main'),
    'cannot be deleted or renamed',
  ],
  [
    'main merged into something else, which takes its place',
    (dev) => {
      dev.done('checkout', '-q', '--orphan', 'other');
      dev.done('commit', '-q', '-m', 'other');
      dev.done('merge', '-q', '--allow-unrelated-histories', '-s', 'ours', '-m', 'swap', 'origin/main');
      return dev.git('push', 'origin', 'HEAD:main');
    },
    'takes merges only',
  ],
  [
    'a symbolic ref of the server',
    (dev) => {
      people().hub.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
      topic(dev);
      return dev.git('push', 'origin', 'topic:alias');
    },
    'takes merges only',
  ],
  [
    'a symbolic ref of the server that is no branch',
    (dev) => {
      people().hub.git('symbolic-ref', 'refs/tags/live', 'refs/heads/main');
      return dev.git('push', '--force', 'origin', 'HEAD~1:refs/tags/live');
    },
    'cannot be rewritten',
  ],
  [
    'a commit in the place of the tip',
    (dev) => {
      topic(dev);
      return dev.git('push', 'origin', `topic:refs/replace/${dev.done('rev-parse', 'origin/main')}`);
    },
    'in the place of one that is there',
  ],
  [
    'a new branch that a rule matches',
    (dev) => {
      topic(dev);
      return dev.git('push', 'origin', 'topic:release/9');
    },
    'would begin with commits that no such branch has',
  ],
  [
    'a rule lifted in the same push',
    (dev) => {
      dev.write('cfg.yaml', 'version: 1\n');
      dev.done('commit', '-q', '-a', '-m', 'lift');
      dev.write('app.yaml', 'replicas: 66\n');
      dev.done('commit', '-q', '-a', '-m', 'direct');
      return dev.git('push', 'origin', 'HEAD:main');
    },
    'takes merges only',
  ],
  [
    'a version that moves',
    (dev) => {
      dev.done('tag', '-f', 'v0.1.0', 'HEAD~1');
      return dev.git('push', '--force', 'origin', 'refs/tags/v0.1.0');
    },
    'never moves',
  ],
  ['a version that goes', (dev) => dev.git('push', 'origin', '--delete', 'refs/tags/v0.1.0'), 'never moves'],
  [
    'an approval of another commit under the wrong name',
    (dev) => {
      topic(dev);
      const [ref = ''] = dev.done('for-each-ref', '--format=%(refname)', 'refs/cfg/approvals').split('\n');
      const forged = `refs/cfg/approvals/${dev.done('rev-parse', 'topic')}/${ref.split('/').at(-1) ?? ''}`;
      dev.done('update-ref', forged, ref);
      const run = dev.git('push', 'origin', forged);
      dev.done('update-ref', '-d', forged);
      return run;
    },
    'does not hold the approval',
  ],
  [
    'an approval that is taken away',
    (dev) => {
      const [ref = ''] = dev.done('ls-remote', 'origin', 'refs/cfg/approvals/*').split('\n');
      return dev.git('push', 'origin', '--delete', ref.split('\t')[1] ?? '');
    },
    'neither changed nor taken back',
  ],
  [
    'files that break their schema',
    (dev) => {
      dev.write('app.yaml', 'replicas: many\n');
      dev.done('commit', '-q', '-a', '-m', 'bad');
      dev.done('branch', '-f', 'topic');
      dev.done('checkout', '-q', '--detach', 'origin/main');
      dev.done('merge', '-q', '--no-ff', '-m', 'merge', 'topic');
      return dev.git('push', 'origin', 'HEAD:release/1');
    },
    'has 1 problem',
  ],
];

/** A branch `topic` with a commit that nobody approved. */
function topic(dev: Person): void {
  dev.write('app.yaml', 'replicas: 7\n');
  dev.done('commit', '-q', '-a', '-m', 'topic');
  dev.done('branch', '-q', '-f', 'topic');
}

/** An approval as anybody can write it. */
function approveByHand(dev: Person, commit: string, person: Readonly<Record<string, string>>): void {
  const env = { ...dev.env, ...person };
  const email = env['GIT_COMMITTER_EMAIL'] ?? '';
  const tag = `object ${commit}\ntype commit\ntag approval\ntagger x <${email}> 1700000000 +0000\n\nok\n`;
  const { stdout } = spawnSync('git', ['mktag'], { cwd: dev.dir, env, input: tag, encoding: 'utf8' });
  dev.done('update-ref', `refs/cfg/approvals/${commit}/${stdout.trim()}`, stdout.trim());
}

describe('a way around the rules with plain git', () => {
  it.each(bypasses)('%s is refused by the server', (_, attempt, refusal) => {
    const { dev, hub } = people();
    dev.sync();
    dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
    dev.git('clean', '-q', '-fd');
    const refs = hub.done('for-each-ref');
    const { code, out } = attempt(dev);
    dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
    dev.git('branch', '-q', '-D', 'topic', 'other');
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining(refusal) });
    expect(out).toContain('remote: refused refs/');
    for (const name of ['heads/alias', 'tags/live']) hub.git('symbolic-ref', '-d', `refs/${name}`);
    expect(hub.done('for-each-ref')).toBe(refs);
  });

  it.each(['a direct commit', 'a merge that nobody approved'])(
    '%s is found by verify where there is no hook',
    async (name) => {
      const { dev, hub } = people();
      dev.sync();
      const plain = `${hub.folder}/plain-${name.length}.git`;
      hub.done('clone', '-q', '--bare', '.', plain);
      dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
      const since = dev.done('rev-parse', 'HEAD');
      dev.done('remote', 'set-url', 'origin', plain);
      const { code } = bypasses.find(([one]) => one === name)?.[1](dev) ?? { code: 1 };
      dev.done('remote', 'set-url', 'origin', hub.dir);
      dev.git('checkout', '-q', '-f', '--detach', 'origin/main');
      dev.git('branch', '-q', '-D', 'topic');
      expect(code).toBe(0);
      const found = await new Person('ci', plain).cfg('verify', 'main', '--since', since, '--json');
      expect(found.code).toBe(1);
      expect(JSON.parse(found.out)).toMatchObject({ ok: false, violations: [{}] });
    },
  );
});
