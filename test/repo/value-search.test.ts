import { describe, expect, it } from 'vitest';
import { log } from '../../src/repo/log.js';
import type { LogOptions } from '../../src/repo/repository.js';
import { GitRepo } from './git-repo.js';

/** Each row a commit, and the message of each is its number. */
function history(): GitRepo {
  const repo = new GitRepo();
  repo.commit({ 'a.yaml': 'host: one\nport: 80\n' }, { message: '1' });
  repo.commit({ 'a.yaml': 'host: db-3.internal\nport: 80\n' }, { message: '2' });
  repo.commit({ 'a.yaml': 'host: db-3.internal\nport: 8080\n' }, { message: '3' });
  repo.commit({ 'a.yaml': null, 'b.yaml': 'host: db-3.internal\nport: 8080\n' }, { message: '4' });
  repo.git('switch', '-q', '-c', 'side');
  repo.commit({ 'c.json': '{"hosts": ["x", "db-3.internal"]}' }, { message: '5' });
  repo.git('switch', '-q', 'main');
  repo.commit({ 'b.yaml': 'host: "d\\x62-3.internal"\nport: 80\n' }, { message: '6' });
  repo.merge('side');
  repo.commit({ 'b.yaml': 'host: gone\nport: 80\n', 'notes.txt': 'db-3.internal\n' }, { message: '7' });
  return repo;
}

const found = async (repo: GitRepo, options: LogOptions): Promise<readonly string[]> =>
  (await log(await repo.context(), options)).commits.map(({ message }) => message);

describe('log with a value', () => {
  it.each<[LogOptions, readonly string[]]>([
    [{ value: 'db-3.internal' }, ['7', '5', '2']],
    [{ value: 'DB-3' }, []],
    [{ value: '8080' }, ['6', '3']],
    [{ value: 'nowhere' }, []],
    [{ value: 'db-3', addresses: ['b.yaml'] }, ['7', '2']],
    [{ value: 'db-3', addresses: ['b.yaml#host'] }, ['7', '2']],
    [{ value: 'db-3', addresses: ['b.yaml#port'] }, []],
    [{ value: 'db-3', key: 'hosts[*]' }, ['5']],
    [{ value: 'db-3', limit: 1 }, ['7']],
    [{ value: 'db-3', firstParent: true }, ['7', '2']],
  ])('%j lists %j', async (options, expected) => {
    expect(await found(history(), options)).toEqual(expected);
  });

  it('has no use for an empty text', async () => {
    await expect(found(history(), { value: '' })).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('names the keys, with their values', async () => {
    const { commits } = await log(await history().context(), { value: 'db-3.internal' });
    expect(commits.map(({ changes }) => changes)).toEqual([
      [{ file: 'b.yaml', path: 'host', kind: 'changed', before: 'db-3.internal', after: 'gone' }],
      [{ file: 'c.json', path: 'hosts', kind: 'added', after: ['x', 'db-3.internal'] }],
      [{ file: 'a.yaml', path: 'host', kind: 'changed', before: 'one', after: 'db-3.internal' }],
    ]);
  });
});

describe('log with a graph', () => {
  it('has the edges between the commits that are listed, each before those it leads to', async () => {
    const { commits } = await log(await history().context(), { graph: true });
    const messages = new Map(commits.map(({ commit, message }) => [commit, message]));
    expect(
      commits.map(({ message, edges = [] }) => [message, edges.map((oid) => messages.get(oid))]),
    ).toEqual([
      ['7', ['merge side']],
      ['merge side', ['6', '5']],
      ['5', ['4']],
      ['6', ['4']],
      ['4', ['3']],
      ['3', ['2']],
      ['2', ['1']],
      ['1', []],
    ]);
  });

  it('joins what is listed through what is not', async () => {
    const { commits } = await log(await history().context(), { graph: true, grep: '^[136]$' });
    expect(commits.map(({ message, edges = [] }) => [message, edges.length])).toEqual([
      ['6', 1],
      ['3', 1],
      ['1', 0],
    ]);
  });

  it('goes in the order of git log --graph', async () => {
    const repo = history();
    const { commits } = await log(await repo.context(), { graph: true });
    const lines = repo
      .lines('log', '--graph', '--format=%H')
      .flatMap((line) => /[0-9a-f]{40}/.exec(line) ?? []);
    expect(commits.map(({ commit }) => commit)).toEqual(lines);
  });
});
