import { describe, expect, it } from 'vitest';
import { mapRef, parseAddress, parseRefspec, publicAddress } from '../../../src/store/index.js';
import { configOf } from '../../../src/store/config/load.js';
import { readAdvertisement } from '../../../src/store/transport/advertisement.js';
import { findInNetrc } from '../../../src/store/transport/netrc.js';
import { flushPacket, packet, PacketReader } from '../../../src/store/transport/packets.js';
import { MessageLines } from '../../../src/store/transport/side-band.js';
import { urlSettings } from '../../../src/store/transport/url-config.js';

describe('addresses', () => {
  it.each([
    ['/srv/a.git', { kind: 'local', path: '/srv/a.git' }],
    ['../a:b', { kind: 'local', path: '../a:b' }],
    ['file:///srv/a%20b.git', { kind: 'local', path: '/srv/a b.git' }],
    ['host:a.git', { kind: 'ssh', host: 'host', port: '', path: 'a.git' }],
    ['me@host:/a.git', { kind: 'ssh', host: 'me@host', port: '', path: '/a.git' }],
    ['[::1]:a.git', { kind: 'ssh', host: '::1', port: '', path: 'a.git' }],
    ['ssh://me@host:22/a.git', { kind: 'ssh', host: 'me@host', port: '22', path: '/a.git' }],
    ['ssh://host/~me/a.git', { kind: 'ssh', host: 'host', port: '', path: '~me/a.git' }],
    ['git://host/a.git', { kind: 'git', host: 'host', port: 9418, path: '/a.git' }],
    ['git://host:1/a.git', { kind: 'git', host: 'host', port: 1, path: '/a.git' }],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));

  it.each([
    '',
    'ext::sh -c id',
    'ssh://-oProxyCommand=id/x',
    '-oProxyCommand=id:x',
    'host:-x',
    'ftp://host/x',
    'https://',
    'a\nb',
    'file://host/x',
  ])('%j is refused', (text) =>
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'E_USAGE' })),
  );

  it.each([
    ['https://me:secret@host/x', 'https://host/x'],
    ['https://token@host/x', 'https://host/x'],
    ['ssh://git:secret@host/x', 'ssh://git@host/x'],
    ['ssh://git@host/x', 'ssh://git@host/x'],
    ['git@host:x', 'git@host:x'],
    ['/a@b', '/a@b'],
  ])('%s is shown as %s', (text, shown) => expect(publicAddress(text)).toBe(shown));
});

describe('rules of what is fetched', () => {
  it.each([
    ['+refs/heads/*:refs/remotes/o/*', 'refs/heads/a/b', 'refs/remotes/o/a/b'],
    ['refs/heads/main:refs/remotes/o/main', 'refs/heads/main', 'refs/remotes/o/main'],
    ['refs/heads/main:refs/remotes/o/main', 'refs/heads/main2', undefined],
    ['refs/heads/r-*-x:refs/remotes/o/*', 'refs/heads/r-1-x', 'refs/remotes/o/1'],
    ['refs/heads/ab*ba:refs/remotes/o/*', 'refs/heads/aba', undefined],
    ['refs/heads/*', 'refs/heads/a', undefined],
    ['refs/heads/*:refs/remotes/o/*', 'refs/heads/$&', 'refs/remotes/o/$&'],
  ])('%s takes %s to %s', (rule, name, to) => expect(mapRef(parseRefspec(rule), name)).toBe(to));

  it.each(['', '+', 'refs/heads/*:refs/x', 'refs/heads/**:refs/x/**', 'a b', '^refs/a:refs/b', 'refs/../x'])(
    '%j is refused',
    (rule) => expect(() => parseRefspec(rule)).toThrow(expect.objectContaining({ code: 'E_USAGE' })),
  );
});

async function* streamOf(data: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

const oid = (digit: string): string => digit.repeat(40);

describe('packets', () => {
  it.each([1, 3, 1000])('are read from pieces of %d bytes', async (size) => {
    const data = Buffer.concat([packet('one\n'), flushPacket, packet(''), Buffer.from('rest')]);
    const reader = new PacketReader(streamOf(data, size), 'x');
    expect(await reader.line()).toBe('one');
    expect(await reader.next()).toBe(null);
    expect(await reader.line()).toBe('');
    const rest: Buffer[] = [];
    for await (const chunk of reader.rest()) rest.push(chunk);
    expect(Buffer.concat(rest).toString()).toBe('rest');
  });

  it.each([
    ['', 'broke off'],
    ['00', 'broke off'],
    ['0009abc', 'broke off'],
    ['<htm', "does not speak Git's protocol"],
    ['0003', "does not speak Git's protocol"],
  ])('%j is no packet', async (text, message) => {
    const reader = new PacketReader(streamOf(Buffer.from(text), 10), 'x');
    await expect(reader.next()).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringContaining(message),
    });
  });
});

describe('a list of refs', () => {
  const read = (...lines: readonly string[]): ReturnType<typeof readAdvertisement> =>
    readAdvertisement(
      new PacketReader(
        streamOf(Buffer.concat([...lines.map((line) => packet(`${line}\n`)), flushPacket]), 7),
        'x',
      ),
      'x',
    );

  it('has HEAD, what tags peel to, where a history ends, and nothing that leads out of refs/', async () => {
    const found = await read(
      `${oid('a')} HEAD\0side-band-64k symref=HEAD:refs/heads/main agent=git/2`,
      `${oid('a')} refs/heads/main`,
      `${oid('a')} refs/heads/../../config`,
      `${oid('a')} refs/heads/a.lock`,
      `${oid('b')} refs/tags/v1`,
      `${oid('c')} refs/tags/v1^{}`,
      `shallow ${oid('d')}`,
    );
    expect({ ...found, capabilities: [...found.capabilities.keys()] }).toEqual({
      refs: [
        { name: 'refs/heads/main', oid: oid('a') },
        { name: 'refs/tags/v1', oid: oid('b'), peeled: oid('c') },
      ],
      head: oid('a'),
      headTarget: 'refs/heads/main',
      shallow: [oid('d')],
      capabilities: ['side-band-64k', 'symref', 'agent'],
    });
  });

  it('may be empty', async () => {
    expect(await read(`${oid('0')} capabilities^{}\0report-status`)).toMatchObject({ refs: [] });
  });

  it('that is cut off is no shorter list', async () => {
    const whole = packet(`${oid('a')} refs/heads/main\0x\n`);
    const reader = new PacketReader(streamOf(whole, 100), 'x');
    await expect(readAdvertisement(reader, 'x')).rejects.toMatchObject({ code: 'E_REMOTE' });
  });

  it.each(['ERR no such repository', 'nonsense', `${oid('x')} refs/heads/main`])(
    '%j is an error',
    async (line) => {
      await expect(read(line)).rejects.toMatchObject({ code: 'E_REMOTE' });
    },
  );
});

describe('~/.netrc', () => {
  const text = `# machine no login no password no
machine a login one password "p w"
machine B.example
  login two
  password x
  account y
macdef init
  machine c login z password z

machine a login three password q
default login any password d`;
  it.each([
    ['a', undefined, 'one', 'p w'],
    ['a', 'three', 'three', 'q'],
    ['b.example', undefined, 'two', 'x'],
    ['c', undefined, 'any', 'd'],
  ])('%s (%s)', (host, user, username, password) => {
    expect(findInNetrc(text, host, user)).toMatchObject({ username, password });
  });
  it('has nothing for a user that is not in it', () =>
    expect(findInNetrc(text, 'a', 'nobody')).toBe(undefined));
});

describe('settings for an address', () => {
  const config = configOf(
    [
      ['http.k', 'all'],
      ['http.https://host.k', 'host'],
      ['http.https://host/team.k', 'team'],
      ['http.https://me@host/team.k', 'me'],
      ['http.https://*.example.com.k', 'star'],
      ['http.https://host:8443.k', 'port'],
    ].map(([name = '', value = '']) => ({ name, value })),
  );
  it.each([
    ['https://other/x', ['all']],
    ['http://host/x', ['all']],
    ['https://host/x', ['all', 'host']],
    ['https://host/teams', ['all', 'host']],
    ['https://host/team/x', ['all', 'host', 'team']],
    ['https://me@host/team', ['all', 'host', 'team', 'me']],
    ['https://git.example.com/x', ['all', 'star']],
    ['https://host:8443/x', ['all', 'port']],
  ])('%s', (url, values) => expect(urlSettings(config, 'http', 'k', new URL(url))).toEqual(values));
});

it('messages of a server come line by line, without what only a terminal shows', () => {
  const messages = new MessageLines();
  for (const text of ['Counting: 1%\rCounting: 100', '%, done.\nhook', ' says no\n\nlast'])
    messages.add(text);
  expect(messages.all()).toEqual(['Counting: 100%, done.', 'hook says no', 'last']);
});
