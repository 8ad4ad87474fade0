import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { editConfig } from '../../../src/store/config/edit.js';
import { openStore, type ConfigEdit } from '../../../src/store/index.js';

const dir = mkdtempSync(join(tmpdir(), 'cfg-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const driver = (value: string | null): ConfigEdit => {
  return { section: 'merge', subsection: 'cfg', key: 'driver', value };
};
const name = (value: string | null): ConfigEdit => ({ ...driver(value), key: 'name' });

describe('editing the text of a Git configuration', () => {
  it.each([
    ['an empty file', '', [driver('x')], '[merge "cfg"]\n\tdriver = x\n'],
    [
      'a new section at the end',
      '[core]\n\ta = 1',
      [driver('x')],
      '[core]\n\ta = 1\n[merge "cfg"]\n\tdriver = x\n',
    ],
    ['line ends of the file', '[core]\r\n', [driver('x')], '[core]\r\n[merge "cfg"]\r\n\tdriver = x\r\n'],
    [
      'a section that is there',
      '[merge "cfg"]\n  name = n ; why\n[core]\n',
      [driver('x')],
      '[merge "cfg"]\n  name = n ; why\n\tdriver = x\n[core]\n',
    ],
    [
      'another value, the comment stays',
      '[merge "cfg"]\ndriver=a # c\n',
      [driver('b')],
      '[merge "cfg"]\ndriver = b # c\n',
    ],
    ['the same value', '[merge "cfg"]\n driver  = a\n', [driver('a')], '[merge "cfg"]\n driver  = a\n'],
    [
      'one of several values',
      '[merge "cfg"]\ndriver=a\ndriver=b\n',
      [driver('c')],
      '[merge "cfg"]\ndriver = c\n',
    ],
    [
      'a value of several lines',
      '[merge "cfg"]\ndriver=a\\\n b\nx=1\n',
      [driver(null)],
      '[merge "cfg"]\nx=1\n',
    ],
    ['an entry beside its header', '[merge "cfg"] driver = a\n', [driver('b')], '[merge "cfg"] driver = b\n'],
    ['out, with the section', '[a]\n[merge "cfg"]\n\tdriver = a\n[b]\n', [driver(null)], '[a]\n[b]\n'],
    [
      'out, but not what else is there',
      '[merge "cfg"]\n# mine\ndriver=a\n',
      [driver(null)],
      '[merge "cfg"]\n# mine\n',
    ],
    ['out, where it is not', '[merge "cfg"]\n', [driver(null)], '[merge "cfg"]\n'],
    [
      'names as git compares them',
      '[MERGE "cfg"]\nDriver=a\n[merge "CFG"]\n',
      [driver('b')],
      '[MERGE "cfg"]\ndriver = b\n[merge "CFG"]\n',
    ],
    ['the old form of a subsection', '[merge.cfg]\ndriver=a\n', [driver(null)], ''],
    ['several edits', '', [name('n'), driver('d'), name(null)], '[merge "cfg"]\n\tdriver = d\n'],
    [
      'what could end a value',
      '',
      [driver('a"b\\c\n[core]\n\tx = 1;#')],
      '[merge "cfg"]\n\tdriver = "a\\"b\\\\c\\n[core]\\n\\tx = 1;#"\n',
    ],
  ])('%s', (_what, before, edits, after) => {
    expect(editConfig(before, 'config', edits)).toBe(after);
  });

  it.each([
    ['a key', { ...driver('x'), key: 'a b' }],
    ['a section', { ...driver('x'), section: 'a]\n[b' }],
    ['a subsection', { ...driver('x'), subsection: 'a\nb' }],
    ['a value with a NUL', driver('a\0b')],
  ])('refuses %s that cannot be written', (_what, edit) => {
    expect(() => editConfig('', 'config', [edit])).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});

const word = fc.string({
  unit: fc.constantFrom(...Array.from('ab"\\#;=[] \t\n\r%$`\'é\u00a0')),
  maxLength: 8,
});
const edit = fc.record({
  section: fc.constantFrom('merge', 'diff', 'core'),
  subsection: fc.oneof(
    fc.constant('cfg'),
    word.filter((text) => !text.includes('\n')),
  ),
  key: fc.constantFrom('driver', 'name', 'Name'),
  value: fc.oneof(word, fc.constant(null)),
});
const texts = fc.constantFrom(
  '',
  '[core]\n\tbare = false\n',
  '# top\r\n[core]\r\n\tx = "a;b" ; c\r\n[merge "cfg"] name = é\\\r\n b\r\n',
  '[merge "cfg"]\n; only this\n[merge "other"]\nname\n[merge "cfg"]\ndriver = 1\ndriver = 2',
);

/** Name and value of every entry, as git reads them. */
function asGitReads(text: string): readonly string[] {
  const file = join(dir, 'config');
  writeFileSync(file, text);
  const output = execFileSync('git', ['config', '-f', file, '-z', '-l'], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

it('git reads what was written, and everything else as before', () => {
  fc.assert(
    fc.property(texts, fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
      const expected = edits.reduce((entries, { section, subsection, key, value }) => {
        const full = `${section}.${subsection}.${key.toLowerCase()}`;
        const others = entries.filter((entry) => entry.split('\n', 1)[0] !== full);
        return value === null ? others : [...others, `${full}\n${value}`];
      }, asGitReads(text));
      expect(asGitReads(editConfig(text, 'config', edits)).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: process.env['CFG_FULL'] === '1' ? 5000 : 150 },
  );
});

const own = (value: string | null): ConfigEdit => ({ ...driver(value), subsection: 'mine' });

it('taking out what was put in gives the bytes from before', () => {
  fc.assert(
    fc.property(texts, word, (text, value) => {
      const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
      expect(editConfig(editConfig(text, 'config', [own(value)]), 'config', [own(null)])).toBe(ended);
    }),
  );
});

/** The root of a repository with this configuration file. */
function repo(config: string | Uint8Array): string {
  const root = mkdtempSync(join(dir, 'repo-'));
  execFileSync('git', ['init', '-q', root]);
  const file = join(root, '.git/config');
  writeFileSync(file, config);
  return root;
}

describe('the configuration file of a repository', () => {
  const core = '[core]\n\trepositoryformatversion = 0\n';

  it('keeps bytes that are no UTF-8, the mode and a byte order mark', async () => {
    const before = Buffer.concat([
      Buffer.from(`\ufeff${core}[user]\n\tname = Andr`),
      Buffer.from([0xe9, 0x0a]),
    ]);
    const root = repo(before);
    chmodSync(join(root, '.git/config'), 0o600);
    const { localConfig } = await openStore({ dir: root, env: {} });
    expect(await localConfig?.update([driver('é')])).toBe(true);
    expect(await localConfig?.update([driver('é')])).toBe(false);
    expect(await localConfig?.get('merge.cfg.driver')).toBe('é');
    const after = readFileSync(join(root, '.git/config'));
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(after.subarray(before.length).toString()).toBe('[merge "cfg"]\n\tdriver = é\n');
    expect(statSync(join(root, '.git/config')).mode & 0o777).toBe(0o600);
  });

  it('is written through a symlink', async () => {
    const root = repo(core);
    const target = join(root, 'elsewhere');
    execFileSync('mv', [join(root, '.git/config'), target]);
    symlinkSync(target, join(root, '.git/config'));
    const { localConfig } = await openStore({ dir: root, env: {} });
    await localConfig?.update([driver('x')]);
    expect(readFileSync(target, 'utf8')).toBe(`${core}[merge "cfg"]\n\tdriver = x\n`);
  });

  it('waits for the lock of another program, and says who holds it', async () => {
    const root = repo(core);
    writeFileSync(join(root, '.git/config.lock'), '');
    const { localConfig } = await openStore({ dir: root, env: {}, lockTimeoutMs: 20 });
    await expect(localConfig?.update([driver('x')])).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(readFileSync(join(root, '.git/config'), 'utf8')).toBe(core);
  });
});
