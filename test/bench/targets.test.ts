import { describe, expect, it } from 'vitest';
import { measureAll, type Table } from '../../bench/measure.js';
import { missed, targetsOf } from '../../bench/targets.js';

const title = 'merge of two branches that each changed 500 of 10000 files, 100 of them the same';

function table(medianMs: number): Table {
  const row = (name: string, ms: number) => ({
    name,
    medianMs: ms,
    ratio: { min: ms / 200, median: ms / 100, max: ms / 50 },
  });
  return {
    title,
    reference: 'git merge',
    rounds: 3,
    rows: [row('git merge', 100), row('cfg merge', medianMs)],
  };
}

describe('the targets of the benchmarks', () => {
  it.each([
    ['reached', [table(150)], []],
    ['reached as far as is shown', [table(150.4)], []],
    [
      'missed in one of two places',
      [table(100), { ...table(210), place: 'tmpfs' }],
      [/\(tmpfs\): cfg merge: 2\.100 x git merge, at most 1\.5$/],
    ],
    ['not measured', [], [/was not measured$/]],
    ['without the contender', [{ ...table(1), rows: [] }], [/cfg merge: not measured x git merge/]],
  ])('are %s', (_, tables, lines) => {
    expect(missed('merge', tables)).toEqual(lines.map((line) => expect.stringMatching(line)));
  });

  it('may be held against another peer than the reference', () => {
    const [own, other] = targetsOf('store', { title: 'status of 1000 files' });
    expect([own?.to, other?.to]).toEqual(['git status', 'isomorphic-git statusMatrix']);
    const rows = [
      ['git status', 100],
      ['isomorphic-git statusMatrix', 1000],
      ['cfg, opened anew', 90],
    ] as const;
    const measured: Table = {
      title: 'status of 1000 files',
      reference: 'git status',
      rounds: 1,
      rows: rows.map(([name, medianMs]) => {
        const ratio = medianMs / 100;
        return { name, medianMs, ratio: { min: ratio, median: ratio, max: ratio } };
      }),
    };
    const lines = missed('store', [measured]).filter((line) => line.includes('status of 1000 '));
    expect(lines).toEqual([expect.stringContaining('0.090 x isomorphic-git statusMatrix, at most 0.033')]);
  });

  it('are held against what took turns', async () => {
    const turns: string[] = [];
    const contenders = ['a', 'b'].map((name) => ({ name, run: () => turns.push(name) }));
    const { rows } = await measureAll({ title: 'turns', reference: 'a', contenders }, 2);
    expect(turns.join('')).toBe('ababab');
    expect(rows[0]).toMatchObject({ name: 'a', ratio: { min: 1, median: 1, max: 1 } });
    await expect(measureAll({ title: 'turns', reference: 'c', contenders }, 1)).rejects.toThrow("'c'");
  });
});
