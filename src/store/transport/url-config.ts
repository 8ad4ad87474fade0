/** Settings of Git for one address: `http.<URL>.extraHeader` (git: git-config, http.<url>.*). */
import type { GitConfig } from '../types.js';

/** All values of `section.key` and of `section.<URL>.key` whose URL the address is below, the least specific first. */
export function urlSettings(config: GitConfig, section: string, key: string, url: URL): readonly string[] {
  const [head, tail] = [`${section}.`, `.${key.toLowerCase()}`];
  const specific = config
    .names()
    .filter(
      (name) => name.startsWith(head) && name.endsWith(tail) && name.length > head.length + tail.length - 1,
    )
    .flatMap((name) => {
      const weight = matchWeight(name.slice(head.length, -tail.length), url);
      return weight === undefined ? [] : [{ name, weight }];
    })
    .toSorted((a, b) => a.weight - b.weight);
  return [...config.getAll(`${section}.${key}`), ...specific.flatMap(({ name }) => config.getAll(name))];
}

/** Undefined where the pattern is no URL above the address; otherwise the longer the path, and then with a user, the heavier. */
function matchWeight(pattern: string, url: URL): number | undefined {
  const [, scheme = '', user, host = '', path = ''] =
    /^([a-z+]+):\/\/(?:([^@/]*)@)?([^/]*)(.*)$/i.exec(pattern) ?? [];
  const isSame =
    `${scheme.toLowerCase()}:` === url.protocol &&
    hostMatches(host.toLowerCase(), url) &&
    (user === undefined || user === decodeURIComponent(url.username));
  const folder = path.replace(/\/+$/, '');
  const isBelow = url.pathname === folder || url.pathname.startsWith(`${folder}/`);
  if (!isSame || !isBelow) return undefined;
  return folder.length * 2 + (user === undefined ? 0 : 1);
}

function hostMatches(pattern: string, { host, hostname, port, protocol }: URL): boolean {
  const standard = protocol === 'https:' ? '443' : '80';
  const full = port === '' ? `${hostname}:${standard}` : host;
  const wanted = /:\d+$/.test(pattern) ? pattern : `${pattern}:${standard}`;
  const [parts, patternParts] = [full.split('.'), wanted.split('.')];
  return (
    parts.length === patternParts.length &&
    patternParts.every((part, at) => part === parts[at] || part.split(':')[0] === '*')
  );
}
