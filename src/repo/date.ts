/** A moment with the clock's offset, as Git records it. */
export interface GitDate {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

/**
 * A date in Git's own format (`@1700000000 +0200`), ISO 8601 or RFC 2822 (git: Documentation/date-formats). Undefined for
 * anything else: a date that is not understood must not quietly become another one. Without an offset it is UTC.
 */
export function parseGitDate(text: string): GitDate | undefined {
  const raw = /^@?(\d{1,12}) ([+-]\d{4})$/.exec(text.trim()) ?? /^@(\d{1,12})$/.exec(text.trim());
  if (raw !== null) return { timestamp: Number(raw[1]), offsetMinutes: parseOffset(raw[2]) };
  const zone = /(Z|[+-]\d{2}:?\d{2})$/.exec(text.trim())?.[1];
  const time = text.trim().slice(0, zone === undefined ? undefined : -zone.length);
  const shape = /^(\d{4})[-./](\d{2})[-./](\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?\s*$/.exec(time);
  const iso = shape
    ? `${shape.slice(1, 4).join('-')}T${shape.slice(4).join(':')}Z`
    : /^(?:\w{3}, )?\d/.test(time) && `${time} UTC`;
  const milliseconds = iso === false ? NaN : Date.parse(iso);
  if (Number.isNaN(milliseconds) || milliseconds < 0) return undefined;
  const offsetMinutes = parseOffset(zone);
  return { timestamp: Math.floor(milliseconds / 1000) - offsetMinutes * 60, offsetMinutes };
}

function parseOffset(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
