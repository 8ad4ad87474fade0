/** Where a repository elsewhere is, as Git writes it (git: git-fetch, GIT URLS; connect.c, parse_connect_url). */
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../errors.js';

export type Address =
  | { readonly kind: 'http'; /** With credentials where it has them. */ readonly url: URL }
  | { readonly kind: 'git'; readonly host: string; readonly port: number; readonly path: string }
  | {
      readonly kind: 'ssh';
      /** `user@host`. */ readonly host: string;
      readonly port: string;
      readonly path: string;
    }
  | { readonly kind: 'local'; readonly path: string };

const gitPort = 9418;

/** Throws E_USAGE for what cannot be meant, or would be an option for the program that is run. */
export function parseAddress(text: string): Address {
  if (text === '' || /[\0\n\r]/.test(text)) throw badAddress(text, 'is no address of a repository');
  if (/^[A-Za-z0-9+.-]+::/.test(text))
    throw badAddress(
      text,
      'needs a program of its own',
      'use https, ssh, git or a path; or plain git for this one',
    );
  const scheme = /^([A-Za-z0-9+.-]+):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return fromUrl(text, scheme);
  const [, host, path] = /^(\[[^\]/]+\]|[^/:]+):(.*)$/s.exec(text) ?? [];
  if (host === undefined || path === undefined) return { kind: 'local', path: text };
  return sshAddress(text, { host: host.replace(/^\[(.*)\]$/, '$1'), port: '', path });
}

function fromUrl(text: string, scheme: string): Address {
  const url = urlOf(text);
  if (scheme === 'file') return { kind: 'local', path: localPath(text, url) };
  if (url.hostname === '') throw badAddress(text, 'names no host');
  if (scheme === 'http' || scheme === 'https') return { kind: 'http', url };
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const path = decodeURIComponent(url.pathname).replace(/^\/~/, '~');
  if (scheme === 'ssh' || scheme === 'git+ssh' || scheme === 'ssh+git') {
    const user = url.username === '' ? '' : `${decodeURIComponent(url.username)}@`;
    return sshAddress(text, { host: user + host, port: url.port, path });
  }
  if (scheme !== 'git') throw badAddress(text, `has the unknown scheme '${scheme}'`);
  return { kind: 'git', host, port: url.port === '' ? gitPort : Number(url.port), path };
}

function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw badAddress(text, 'is no URL', undefined, error);
  }
}

function localPath(text: string, url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw badAddress(text, 'names no folder of this machine', 'write it as file:///ABSOLUTE/PATH', error);
  }
}

/** A host or path that begins with a dash would be taken for an option (CVE-2017-1000117). */
function sshAddress(
  text: string,
  { host, port, path }: Omit<Extract<Address, { kind: 'ssh' }>, 'kind'>,
): Address {
  if (/^-|@-|^$/.test(host) || path === '' || path.startsWith('-'))
    throw badAddress(text, 'cannot be handed to ssh', 'write it as ssh://USER@HOST/PATH');
  return { kind: 'ssh', host, port, path };
}

/** The address without credentials: for messages, reflogs and answers. The user of an SSH address is no secret. */
export function publicAddress(text: string): string {
  return text
    .replace(/^((?:git\+)?ssh(?:\+git)?:\/\/[^/:@]+):[^/@]*@/i, '$1@')
    .replace(/^((?!(?:git\+)?ssh)[a-z0-9+.-]+:\/\/)[^/@]*@/i, '$1');
}

function badAddress(text: string, what: string, hint?: string, cause?: unknown): ConfigError {
  return new ConfigError('E_USAGE', `'${publicAddress(text)}' ${what}`, {
    hint: hint ?? 'it is a path, or https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH, git://HOST/PATH',
    details: { url: publicAddress(text) },
    ...(cause === undefined ? {} : { cause }),
  });
}
