import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/load/index.js';
import { addFiles, failure, folderWith } from './folder.js';

const settings = (layer: string): string => `stacks: { app: { layers: [${JSON.stringify(layer)}] } }`;

describe('nothing outside of the folder is read', () => {
  it.each([
    '../secret.yaml',
    '/etc/passwd',
    'a/../../secret.yaml',
    './../secret.yaml',
    '.git/config',
    '.GIT/config',
    'a//b.yaml',
    '..\\secret.yaml',
    'C:/a.yaml',
    'a\u0000.yaml',
  ])('not %j', async (layer) => {
    const dir = folderWith({ 'secret.yaml': 'a: 1', 'in/cfg.yaml': settings(layer) });
    const { code, message } = await failure({ dir: join(dir, 'in') });
    expect(['E_BAD_PATH', 'E_SETTINGS']).toContain(code);
    expect(message).toContain('is not a path inside of the folder');
  });

  it('not through a variable', async () => {
    const dir = folderWith({ 'secret.yaml': 'a: 1', 'in/cfg.yaml': settings('${up}/secret.yaml') });
    const error = await failure({ dir: join(dir, 'in'), variables: { up: '..' } });
    expect(error).toMatchObject({ code: 'E_BAD_PATH' });
  });

  it('not through links', async () => {
    const dir = folderWith({ 'secret.yaml': 'a: 1', 'in/cfg.yaml': settings('link.yaml'), 'in/x/y': '' });
    symlinkSync('../secret.yaml', join(dir, 'in/link.yaml'));
    expect(await failure({ dir: join(dir, 'in') })).toMatchObject({ code: 'E_BAD_PATH' });
    addFiles(dir, { 'in/cfg.yaml': settings('up/secret.yaml') });
    symlinkSync('..', join(dir, 'in/up'));
    expect(await failure({ dir: join(dir, 'in') })).toMatchObject({ code: 'E_BAD_PATH' });
  });

  it('not what another folder, that it is inside of, may read and has read', async () => {
    const dir = folderWith({
      'secret.yaml': 'a: 1',
      'cfg.yaml': settings('in/link.yaml'),
      'in/cfg.yaml': settings('link.yaml'),
    });
    symlinkSync('../secret.yaml', join(dir, 'in/link.yaml'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 }); // what is read is settled
    try {
      expect((await loadConfig({ dir, env: {} })).value).toEqual({ a: 1 });
      expect(await failure({ dir: join(dir, 'in') })).toMatchObject({ code: 'E_BAD_PATH' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('not a sibling whose name begins like the folder', async () => {
    const dir = folderWith({ 'in-secret/a.yaml': 'a: 1', 'in/cfg.yaml': settings('a.yaml') });
    symlinkSync('../in-secret/a.yaml', join(dir, 'in/a.yaml'));
    expect(await failure({ dir: join(dir, 'in') })).toMatchObject({ code: 'E_BAD_PATH' });
  });

  it('but links inside are followed, as in a mounted ConfigMap', async () => {
    const dir = folderWith({ '..2024/a.yaml': 'a: 1', 'cfg.yaml': settings('a.yaml') });
    symlinkSync('..2024', join(dir, '..data'));
    symlinkSync('..data/a.yaml', join(dir, 'a.yaml'));
    expect((await loadConfig({ dir, env: {} })).value).toEqual({ a: 1 });
  });

  it('no folder, no pipe', async () => {
    const dir = folderWith({ 'cfg.yaml': settings('a.yaml') });
    mkdirSync(join(dir, 'a.yaml'));
    expect(await failure({ dir })).toMatchObject({ code: 'E_SOURCE' });
    addFiles(dir, { 'cfg.yaml': settings('pipe.yaml') });
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'pipe.yaml')]);
    expect(await failure({ dir })).toMatchObject({
      code: 'E_SOURCE',
      message: "'pipe.yaml' is not a regular file",
    });
  });

  it('no link in a circle, no name that is too long', async () => {
    const dir = folderWith({ 'cfg.yaml': settings('a.yaml') });
    symlinkSync('a.yaml', join(dir, 'a.yaml'));
    expect(await failure({ dir })).toMatchObject({
      code: 'E_SOURCE',
      message: "cannot read 'a.yaml' (ELOOP)",
    });
    addFiles(dir, { 'cfg.yaml': settings('x'.repeat(5000)) });
    expect(await failure({ dir })).toMatchObject({ code: 'E_SOURCE' });
  });

  it('no file that does not fit', async () => {
    const dir = folderWith({ 'cfg.yaml': settings('a.yaml'), 'a.yaml': '' });
    truncateSync(join(dir, 'a.yaml'), 33 * 1024 * 1024);
    expect(await failure({ dir })).toMatchObject({ code: 'E_LIMIT' });
  });

  it('no bytes that are no text', async () => {
    const dir = folderWith({
      'cfg.yaml': settings('a.yaml'),
      'a.yaml': Uint8Array.of(0x61, 0x3a, 0x20, 0xff),
    });
    expect(await failure({ dir })).toMatchObject({
      code: 'E_INVALID',
      message: "'a.yaml' is not UTF-8 text",
    });
  });
});
