import { describe, expect, it } from 'vitest';
import {
  formatCommit,
  formatSignature,
  formatTag,
  objectOid,
  parseCommit,
  parseSignature,
  parseTag,
} from '../../src/store/index.js';
import { fsck, git, gitWith, newStore, setRef, signature } from './sandbox.js';

const oid = 'a'.repeat(40);
const commit = { tree: oid, parents: [], author: signature(), committer: signature(), message: 'm\n' };

describe('commits', () => {
  it('of git are read and written back to the same bytes', async () => {
    const { dir, store } = await newStore();
    const message = 'Subject with ä and 日本\n\nBody\n\n  indented\nSigned-off-by: A <a@b>\n';
    git(
      dir,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
      '--date=1700000000 -0330',
      "--author=Jörg O'Brien <j@x>",
    );
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'two');
    git(dir, 'checkout', '-q', '--orphan', 'other');
    git(dir, 'commit', '-q', '--allow-empty', '--allow-empty-message', '-m', '');
    git(dir, 'merge', '-q', '--allow-unrelated-histories', '-m', 'merge', 'main');
    for (const id of git(dir, 'rev-list', '--all').split('\n')) {
      const { data } = await store.objects.read(id);
      expect(Buffer.from(formatCommit(parseCommit(data))).toString()).toBe(Buffer.from(data).toString());
    }
    const parsed = parseCommit((await store.objects.read(git(dir, 'rev-parse', 'main~1'))).data);
    expect(parsed.author).toEqual({
      name: "Jörg O'Brien",
      email: 'j@x',
      timestamp: 1_700_000_000,
      offsetMinutes: -210,
    });
  });

  it('keep the headers that cfg does not know', () => {
    const extraHeaders = [
      'gpgsig -----BEGIN PGP SIGNATURE-----',
      ' ',
      ' abc',
      ' -----END PGP SIGNATURE-----',
      'x y',
    ];
    expect(parseCommit(formatCommit({ ...commit, extraHeaders }))).toEqual({ ...commit, extraHeaders });
  });

  it('in another encoding are decoded', () => {
    const text = `tree ${oid}\nauthor J\xf6rg <a@b> 1 +0000\ncommitter J\xf6rg <a@b> 1 +0000\nencoding ISO-8859-1\n\nf\xfcr\n`;
    expect(parseCommit(Buffer.from(text, 'latin1'))).toMatchObject({
      author: { name: 'Jörg' },
      message: 'für\n',
    });
  });

  it('of hostile names and messages stay good', async () => {
    const { dir, store } = await newStore();
    const tree = gitWith(dir, { input: '' }, 'mktree');
    const author = {
      name: 'Evil <x>\ncommitter Eve <e@e> 1 +0000',
      email: 'a\n<b>@c>',
      timestamp: 1,
      offsetMinutes: 840,
    };
    const data = formatCommit({ ...commit, tree, author, message: '\n\nparent abc\n' });
    await store.objects.write([{ type: 'commit', data }]);
    await setRef(store, 'refs/heads/main', objectOid('commit', data));
    expect(fsck(dir)).toBe('');
    expect(git(dir, 'log', '-1', '--format=%an|%ae|%cn', 'main')).toBe(
      'Evil xcommitter Eve e@e 1 +0000|ab@c|Ann',
    );
  });

  it.each([
    ['a NUL in the message', { ...commit, message: 'a\0b' }],
    ['no name', { ...commit, author: { ...signature(), name: ' .,<>' } }],
    ['no id', { ...commit, tree: 'abc' }],
    ['a time before 1970', { ...commit, committer: signature(-1) }],
    ['a broken time', { ...commit, committer: signature(Number.NaN) }],
  ])('with %s are refused', (_, bad) => {
    expect(() => formatCommit(bad)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });

  it.each([
    '',
    'tree abc\n',
    `tree ${oid}\n\nm`,
    `tree ${oid}\nparent x\nauthor a <b> 1 +0000\n\n`,
    `blob ${oid}\n`,
  ])('that are none are damaged: %j', (text) => {
    expect(() => parseCommit(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'E_CORRUPT' }));
  });
});

describe('tags', () => {
  it('of git are read, and ours by git', async () => {
    const { dir, store } = await newStore();
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'one');
    git(dir, 'tag', '-a', '-m', 'first\n\nbody', 'v1');
    const { data } = await store.objects.read(git(dir, 'rev-parse', 'v1'));
    const tag = parseTag(data);
    expect(tag).toMatchObject({ type: 'commit', tag: 'v1', tagger: signature(), message: 'first\n\nbody\n' });
    expect(Buffer.from(formatTag(tag)).toString()).toBe(Buffer.from(data).toString());
    const [ours = ''] = await store.objects.write([{ type: 'tag', data: formatTag({ ...tag, tag: 'v2' }) }]);
    await setRef(store, 'refs/tags/v2', ours);
    expect(git(dir, 'describe', '--exact-match', 'v2')).toMatch(/^v[12]$/);
    expect(fsck(dir)).toBe('');
  });

  it('without a tagger are read', () => {
    const tag = parseTag(Buffer.from(`object ${oid}\ntype commit\ntag old\n\nmessage\n`));
    expect(tag).toEqual({ object: oid, type: 'commit', tag: 'old', message: 'message\n' });
  });
});

describe('signatures', () => {
  it.each([
    ['A <a@b> 5 +0530', { name: 'A', email: 'a@b', timestamp: 5, offsetMinutes: 330 }],
    ['A <a@b> 5 -0000', { name: 'A', email: 'a@b', timestamp: 5, offsetMinutes: 0 }],
    ['A <a> b> 5 -0130', { name: 'A', email: 'a> b', timestamp: 5, offsetMinutes: -90 }],
    ['A <a@b>', { name: 'A', email: 'a@b', timestamp: 0, offsetMinutes: 0 }],
    ['nobody', { name: '', email: '', timestamp: 0, offsetMinutes: 0 }],
    ['<a@b> x y', { name: '', email: 'a@b', timestamp: 0, offsetMinutes: 0 }],
  ])('%j is read', (line, expected) => {
    expect(parseSignature(line)).toEqual(expected);
  });

  it.each([
    [0, '+0000'],
    [330, '+0530'],
    [-210, '-0330'],
    [-30, '-0030'],
  ])('%i minutes are %s', (offsetMinutes, zone) => {
    expect(formatSignature({ ...signature(7), offsetMinutes })).toBe(`Ann <ann@example.com> 7 ${zone}`);
  });
});
