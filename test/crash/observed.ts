/** What a user sees of a repository, part by part, so that each can be held against the state before and after a command. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface Observed {
  /** What `git fsck --strict` complains about. */
  readonly complaint: string;
  readonly refs: string;
  readonly head: string;
  /** Lines of `git ls-files -s` by path. */
  readonly index: Readonly<Record<string, string>>;
  /** Mode and content by path, `.git` left out. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the Git folder that say what is under way, and its configuration. */
  readonly state: Readonly<Record<string, string>>;
  /** Files that a command leaves for itself: locks, temporary files. */
  readonly litter: readonly string[];
}

const script = `
git fsck --strict --full --no-dangling --no-progress 2>&1 | grep -v '^notice:'
printf '\\036'
git for-each-ref --format='%(refname) %(objectname) %(symref)' refs/heads refs/tags refs/remotes refs/cfg/approvals
printf '\\036'
git ls-files -s 2>&1
`;

const stateFiles =
  /^(config|ORIG_HEAD|MERGE_HEAD|MERGE_MSG|MERGE_MODE|CHERRY_PICK_HEAD|REVERT_HEAD|cfg\/merge\.json)$/;
const litter = /tmp_|\.lock$|cfg\/locks\/|cfg\/checkout|cfg-checkout|cfg\/transaction|gc\.pid/;

/** `env` must hold no configuration of Git. */
export function observe(dir: string, ignored: RegExp = /^$/): Observed {
  const inside = namesBelow(dir, '').filter((name) => !ignored.test(name));
  const gitDir = inside.includes('.git/HEAD') ? '.git/' : '';
  const isRepository = inside.includes(`${gitDir}HEAD`);
  const [complaint = '', refs = '', index = ''] = isRepository
    ? whatGitSays(dir, gitDir === '' ? inside : inside.filter((name) => name.startsWith(gitDir)))
    : [];
  const read = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, contentOf(join(dir, name))]));
  return {
    complaint,
    refs,
    head: isRepository ? readFileSync(join(dir, gitDir, 'HEAD'), 'utf8') : 'none',
    index: Object.fromEntries(
      index
        .split('\n')
        .slice(0, -1)
        .map((line) => [line.slice(line.indexOf(' ', 50)), line]),
    ),
    files: read(inside.filter((name) => gitDir !== '' && !name.startsWith('.git/'))),
    state: read(inside.filter((name) => stateFiles.test(name.slice(gitDir.length)))),
    litter: inside.filter((name) => litter.test(name)),
  };
}

const answers = new Map<string, readonly string[]>();

/** Git is asked once about folders with the same content: many faults leave what one before them left. */
function whatGitSays(dir: string, names: readonly string[]): readonly string[] {
  const identity = identityOf(dir, names);
  const known = answers.get(identity);
  if (known !== undefined) return known;
  const { stdout } = spawnSync('sh', ['-c', script], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  });
  const answer = stdout.replaceAll(dir, '').split('\x1e');
  answers.set(identity, answer);
  return answer;
}

/** Names and contents of the files of a Git folder, but for what Git does not look at: inodes, times, temporary names, what is cfg's own. */
function identityOf(dir: string, names: readonly string[]): string {
  const hash = createHash('sha1');
  for (const name of names.filter((one) => !/\/tmp_(obj|pack|idx)_|^(\.git\/)?cfg\//.test(one)).toSorted()) {
    const path = join(dir, name);
    const content = lstatSync(path).isSymbolicLink() ? Buffer.from(readlinkSync(path)) : readFileSync(path);
    hash
      .update(`${name}\0${content.length}\0`)
      .update(/(^|\/)index$/.test(name) ? withoutTimes(content) : content);
  }
  return hash.digest('hex');
}

/** An index of version 2 whose checksum is right, with zeros for what `stat` said of the files (Git: gitformat-index); any other as it is. */
function withoutTimes(content: Buffer): Buffer {
  const body = content.subarray(0, -20);
  if (content.toString('latin1', 0, 8) !== 'DIRC\0\0\0\x02') return content;
  if (!createHash('sha1').update(body).digest().equals(content.subarray(-20))) return content;
  const blank = Buffer.from(body);
  for (let left = body.readUInt32BE(8), at = 12; left > 0; left -= 1) {
    blank.fill(0, at, at + 24).fill(0, at + 28, at + 40);
    at += (blank.indexOf(0, at + 62) - at + 8) & ~7;
  }
  return blank;
}

function namesBelow(dir: string, folder: string): string[] {
  return readdirSync(join(dir, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder + entry.name;
    return entry.isDirectory() ? namesBelow(dir, `${name}/`) : [name];
  });
}

function contentOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  return `${(stat.mode & 0o777).toString(8)} ${readFileSync(path, 'latin1')}`;
}

/**
 * What is neither as it was before nor as it shall be afterwards: refs and HEAD each as a whole, everything else file by file. What cfg has
 * noted about a merge, to know what is left to do, is its own business meanwhile.
 */
export function strayParts(now: Observed, before: Observed, after: Observed): string[] {
  return partsUnlike(now, before, after).filter((part) => !part.includes('cfg/merge.json'));
}

function partsUnlike(now: Observed, before: Observed, after: Observed): string[] {
  const stray: string[] = [];
  for (const part of ['refs', 'head'] as const)
    if (now[part] !== before[part] && now[part] !== after[part]) stray.push(`${part}: ${now[part]}`);
  for (const part of ['index', 'files', 'state'] as const)
    for (const name of new Set([now, before, after].flatMap((one) => Object.keys(one[part])))) {
      const value = now[part][name];
      if (value !== before[part][name] && value !== after[part][name])
        stray.push(`${part} ${name}: ${value ?? 'gone'}`);
    }
  return stray;
}

/** What differs between two states; empty when nothing does. */
export function differences(now: Observed, wanted: Observed): string[] {
  return partsUnlike(now, wanted, wanted);
}
