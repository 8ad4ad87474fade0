import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/repo/index.js';
import { repositoryWith, type Sandbox } from './sandbox.js';

const now = (): Date => new Date('2026-03-01T10:20:30Z');

async function identityOf(
  box: Sandbox,
  env: Readonly<Record<string, string>>,
  author?: string | { readonly name: string; readonly email: string },
): Promise<string> {
  const repo = await openRepository({ dir: box.dir, env: { HOME: box.dir, ...env }, now });
  const { author: by } = repo.identity(author);
  return `${by.name} <${by.email}> ${by.timestamp} ${by.offsetMinutes}`;
}

describe('identity', () => {
  const env = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@x',
    GIT_COMMITTER_NAME: 'C',
    GIT_COMMITTER_EMAIL: 'c@x',
  };

  it('is that of the call, the environment, then the configuration', async () => {
    const box = repositoryWith();
    const time = `${Date.UTC(2026, 2, 1, 10, 20, 30) / 1000} 0`;
    expect(await identityOf(box, env, 'Reviewer B <reviewer@x>')).toBe(`Reviewer B <reviewer@x> ${time}`);
    expect(await identityOf(box, env, { name: 'Reviewer B', email: 'reviewer@x' })).toBe(
      `Reviewer B <reviewer@x> ${time}`,
    );
    expect(await identityOf(box, env)).toBe(`A <a@x> ${time}`);
    box.git('config', 'user.name', 'Config');
    box.git('config', 'user.email', 'config@x');
    expect(await identityOf(box, {})).toBe(`Config <config@x> ${time}`);
    expect(await identityOf(box, { GIT_AUTHOR_NAME: ' ' })).toBe(`Config <config@x> ${time}`);
  });

  it.each([
    ['@1700000000 +0200', '1700000000 120'],
    ['1700000000 -0130', '1700000000 -90'],
    ['2026-01-31T12:00:00+0100', `${Date.UTC(2026, 0, 31, 11) / 1000} 60`],
    ['2026-01-31 12:00:00 Z', `${Date.UTC(2026, 0, 31, 12) / 1000} 0`],
    ['Sat, 31 Jan 2026 12:00:00 -0500', `${Date.UTC(2026, 0, 31, 17) / 1000} -300`],
  ])('reads the date %s as git does', async (date, expected) => {
    const box = repositoryWith();
    expect(await identityOf(box, { ...env, GIT_AUTHOR_DATE: date })).toBe(`A <a@x> ${expected}`);
  });

  it.each([
    [{ GIT_AUTHOR_DATE: 'yesterday' }, undefined, 'E_USAGE'],
    [{}, 'nobody', 'E_USAGE'],
    [{}, '<a@x>', 'E_USAGE'],
    [{}, { name: '', email: 'a@x' }, 'E_USAGE'],
    [{}, { name: 'A', email: 'a@x>\ncommitter <b@x' }, 'E_USAGE'],
    [{}, 'A <a@x> <b@x>', 'E_USAGE'],
  ])('refuses %j with author %j (%s)', async (more, author, code) => {
    await expect(identityOf(repositoryWith(), { ...env, ...more }, author)).rejects.toMatchObject({ code });
  });

  it('needs somebody, and forges no header', async () => {
    const box = repositoryWith();
    await expect(identityOf(box, {})).rejects.toMatchObject({ code: 'E_NO_IDENTITY' });
    expect(await identityOf(box, { ...env, GIT_AUTHOR_NAME: 'A\ncommitter X <x@x> 1 +0000' })).toMatch(
      /^Acommitter X x@x 1 \+0000 <a@x>/,
    );
  });
});
