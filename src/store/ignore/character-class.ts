/** `[a-z]`, `[!...]` and `[[:alpha:]]` of Git's wildcards (git: wildmatch.c), over bytes. */
export interface ClassOptions {
  readonly pathname: boolean;
  readonly ignoreCase: boolean;
}

const named: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[^ -~\u0080-\u00ff]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t\n\v\f\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

/** The bytes that match, and where the pattern goes on; `start` is after the '['. Undefined when the class is open or malformed. */
export function parseClass(
  pattern: string,
  start: number,
  options: ClassOptions,
): { readonly table: Uint8Array; readonly end: number } | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const table = new Uint8Array(256);
  let at = negated ? start + 1 : start;
  let before: string | undefined;
  // A ']' right at the start is a member.
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    const member = readMember(pattern, at, before);
    if (!member) return undefined;
    for (let code = 0; code < 256; code += 1) if (contains(member, code, options)) table[code] = 1;
    before = member.last;
    at = member.end;
  }
  const wanted = negated ? 0 : 1;
  const matching = table.map((hit) => (hit === wanted ? 1 : 0));
  if (options.pathname) matching[0x2f] = 0;
  return { table: matching, end: at + 1 };
}

interface Member {
  readonly end: number;
  /** What a '-' that follows begins at. */
  readonly last: string | undefined;
  readonly from?: string;
  readonly to?: string;
  readonly named?: string;
}

function readMember(pattern: string, at: number, before: string | undefined): Member | undefined {
  const char = pattern.charAt(at);
  if (char === '') return undefined;
  if (char === '\\') return single(pattern.charAt(at + 1), at + 2);
  const next = pattern.charAt(at + 1);
  if (char === '-' && before !== undefined && next !== '' && next !== ']')
    return readRange(pattern, at + 1, before);
  if (char === '[' && next === ':') return readNamed(pattern, at);
  return single(char, at + 1);
}

function single(char: string, end: number): Member | undefined {
  return char === '' ? undefined : { from: char, to: char, last: char, end };
}

function readRange(pattern: string, at: number, from: string): Member | undefined {
  const escaped = pattern[at] === '\\' ? 1 : 0;
  const to = pattern.charAt(at + escaped);
  return to === '' ? undefined : { from, to, last: undefined, end: at + escaped + 1 };
}

function readNamed(pattern: string, at: number): Member | undefined {
  const close = pattern.indexOf(']', at + 2);
  if (close < 0) return undefined;
  // Without its ":]" it is an ordinary '['.
  if (pattern[close - 1] !== ':' || close - 1 < at + 2) return single('[', at + 1);
  const name = pattern.slice(at + 2, close - 1);
  return named.has(name) ? { named: name, last: undefined, end: close + 1 } : undefined;
}

function contains(member: Member, code: number, { ignoreCase }: ClassOptions): boolean {
  const char = String.fromCharCode(code);
  const upper = ignoreCase && /[a-z]/.test(char) ? char.toUpperCase() : char;
  if (member.named !== undefined) {
    const test = named.get(member.named);
    return test?.test(char) === true || (member.named === 'upper' && /[A-Z]/.test(upper));
  }
  const { from = '', to = '' } = member;
  // Only ranges fold: a single capital in a class stays one.
  return (from <= char && char <= to) || (from !== to && from <= upper && upper <= to);
}
