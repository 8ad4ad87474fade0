import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/doc/index.js';
import { caseCollisions, lintDocument, maskLine, secretKind } from '../../src/lint/index.js';

const rules = (text: string, path: string): string[] =>
  lintDocument(parseDocument(text, { path })).map(
    ({ rule, range: { start, end } }) => `${rule} ${start.line}:${start.column}-${end.line}:${end.column}`,
  );

describe('traps', () => {
  it.each([
    ['a: no\n', ['yaml-boolean 1:4-1:6']],
    ['a: "no"\n', []],
    ['on: push\n', []],
    ['a: !!str no\n', []],
    ['a: [yes, off]\n', ['yaml-boolean 1:5-1:8']],
    ['mode: 0644\n', ['yaml-number 1:7-1:11']],
    ['a: 0\nb: 00\nc: 0o17\nd: 0x1F\n', []],
    ['a: 1_000\n', ['yaml-number 1:4-1:9']],
    ['ports:\n  - 22:22\n', ['yaml-number 2:5-2:10']],
    ['at: 12:30:45\n', ['yaml-number 1:5-1:13']],
    ['v: 1.2.3\nd: 2024-01-31\nip: 10.0.0.1\nref: a_1\n', []],
    ['a: 9007199254740993\n', ['imprecise-number 1:4-1:20']],
    ['a: 9007199254740992\nb: 0.1\nc: 1e21\nd: 100000000000000000000\n', []],
    ['a: 0.12345678901234567891\n', ['imprecise-number 1:4-1:26']],
    ['timeout: 1\ntimeOut: 2\n', ['case-collision 2:1-2:8']],
    ['http_proxy: a\nHTTP_PROXY: b\n', []],
    ['\uFEFFa: 1\n', ['byte-order-mark 1:1-1:1']],
    ['a: 1\r\nb: 2\nc: 3\n', ['mixed-line-endings 1:5-1:5']],
    ['a: 1\r\nb: 2\r\n', []],
  ])('%j', (text, expected) => {
    expect(rules(text, 'a.yaml')).toEqual(expected);
  });

  it('are those of the format', () => {
    expect(rules('{"a": 12345678901234567890}', 'a.json')).toEqual(['imprecise-number 1:7-1:27']);
    expect(rules('mode = 0644\non = yes\n', 'a.ini')).toEqual([]);
  });

  it('of habit are told once a file, with a count and the key path', () => {
    const [found, ...others] = lintDocument(
      parseDocument('a:\n  b: yes\n  c: [on, off]\n', { path: 'a.yaml' }),
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({ path: ['a', 'b'], severity: 'warning' });
    expect(found?.message).toMatch(/\(2 more in this file\)$/);
  });

  it('knows both keys that differ in case', () => {
    const [found] = lintDocument(parseDocument('timeout: 1\ntimeOut: 2\n', { path: 'a.yaml' }));
    expect(found?.related).toMatchObject([{ range: { start: { line: 1, column: 1 } } }]);
  });

  it('knows paths that differ in case', () => {
    expect(caseCollisions(['a/x.yaml', 'A/x.yaml', 'b'])).toEqual([{ path: 'A/x.yaml', other: 'a/x.yaml' }]);
  });
});

/** Put together here, so that this file holds none. */
const random = ['k3Jd82', 'hGq91z', 'XpL0vT', 'w7'].join('');
const hex = '9f86d081884c7d65'.concat('9a2feaa0c55ad015');

describe('secrets', () => {
  it.each<[string, string, string | undefined]>([
    ['password', random, 'a secret'],
    ['DB_PASSWORD', random, 'a secret'],
    ['clientSecret', hex, 'a secret'],
    ['api-key', random, 'a secret'],
    ['name', random, undefined],
    ['password', 'hunter2', undefined],
    ['password', `\${${random}}`, undefined],
    ['password', '{{ vault_password_for_x1 }}', undefined],
    ['password', `ENC[AES256_GCM,data:${random}]`, undefined],
    ['secret', 'my-app-tls-secret-v2', undefined],
    ['token', 'projects/app/secrets/token1', undefined],
    ['publicKeyToken', 'b77a5c561934e089', undefined],
    ['max_tokens', '4096409640964096a', undefined],
    ['note', `AKIA${'ABCDEFGH'.repeat(2)}`, 'an AWS access key'],
    ['note', 'AKIAIOSFODNN7EXAMPLE', undefined],
    ['note', `ghp_${'a1B2c3D4e5F6'.repeat(3)}`, 'a GitHub token'],
    ['note', `glpat-${'a1B2c3D4e5F6'.repeat(2)}`, 'a GitLab token'],
    ['url', `postgres://app:${random}@db/app`, 'a URL with a password'],
    ['url', 'postgres://app:$PASSWORD@db/app', undefined],
    ['pem', `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}`, 'a private key'],
    ['pem', '-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA', undefined],
  ])('%s: %s', (key, value, expected) => {
    expect(secretKind([key], value)).toBe(expected);
  });

  it('may stand under keys that say they are encrypted', () => {
    expect(secretKind(['spec', 'encryptedData', 'password'], random)).toBeUndefined();
  });

  it('are looked for in linear time', () => {
    const parts = ['-', 'a', '-----BEGIN PRIVATE KEY-----', 'http://a:', 'xoxb-', 'A1'];
    expect(parts.map((part) => secretKind(['name'], part.repeat(200_000)))).toEqual(
      parts.map(() => undefined),
    );
  });

  it.each([
    [`  password: ${random} # x`, '  password: ***'],
    [`"apiKey": "${random}",`, '"apiKey": "***'],
    [`  - token=${random}`, '  - token=***'],
    ['name: web', 'name: web'],
    [`note: ghp_${'a1B2c3D4e5F6'.repeat(3)}`, 'note: ***'],
    ['M'.repeat(64), '***'],
  ])('are masked in %s', (line, expected) => {
    expect(maskLine(line)).toBe(expected);
  });
});
