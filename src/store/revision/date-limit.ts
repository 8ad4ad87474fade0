import { ConfigError } from '../../errors.js';

/** Which end of a day a date without a time stands for. */
export type DayEdge = 'start' | 'end';

const units: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/**
 * A date as `--since` and `--until` take it, in seconds since 1970: `2026-01-31`, `2026-01-31 12:00`, with `T`, seconds and an offset
 * (`Z`, `+02:00`) if you like, `@1700000000`, `now`, `today`, `yesterday`, `2 weeks ago` (`2.weeks.ago`), `last month`.
 *
 * Without an offset it is local time. A date without a time is its whole day: from its start for since, to its end for until (git
 * takes the present time of day). Throws E_USAGE for anything else: a date that is not understood must not become another one.
 */
export function parseDateLimit(text: string, now: Date, edge: DayEdge): number {
  const seconds = findDateLimit(text, now, edge);
  if (seconds !== undefined) return seconds;
  throw new ConfigError('E_USAGE', `'${text}' is not a date`, {
    hint: "write it as 2026-01-31, '2026-01-31 12:00', '2 weeks ago' or yesterday",
  });
}

/** {@link parseDateLimit}, with undefined for what is no date. */
export function findDateLimit(text: string, now: Date, edge: DayEdge): number | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s._]+/g, ' ');
  return (
    epochSeconds(text) ?? isoSeconds(text, edge) ?? namedSeconds(words, now, edge) ?? agoSeconds(words, now)
  );
}

function epochSeconds(text: string): number | undefined {
  const digits = /^@(\d{1,11})$/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const isoPattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

function isoSeconds(text: string, edge: DayEdge): number | undefined {
  const match = isoPattern.exec(text.trim());
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const real = new Date(Date.UTC(year, month - 1, day));
  const exists = real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
  if (!exists || hour > 24 || minute > 59 || second > 60) return undefined;
  if (match[4] === undefined) return dayEdge(new Date(year, month - 1, day), edge);
  const zone = match[7];
  if (zone === undefined) return toSeconds(new Date(year, month - 1, day, hour, minute, second));
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offsetSeconds(zone);
}

function offsetSeconds(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -size : size;
}

function namedSeconds(words: string, now: Date, edge: DayEdge): number | undefined {
  if (words === 'now') return toSeconds(now);
  if (words === 'today') return dayEdge(now, edge);
  if (words === 'yesterday')
    return dayEdge(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1), edge);
  return undefined;
}

function agoSeconds(words: string, now: Date): number | undefined {
  const match = /^(?:(\d{1,6}|an?|one) (\w+?)s? ago|last (\w+))$/.exec(words);
  if (match === null) return undefined;
  const amount = /^\d+$/.test(match[1] ?? '') ? Number(match[1]) : 1;
  const unit = match[2] ?? match[3] ?? '';
  const length = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (length !== undefined) return toSeconds(now) - amount * length;
  if (unit !== 'month' && unit !== 'year') return undefined;
  return toSeconds(monthsBefore(now, unit === 'year' ? amount * 12 : amount));
}

/** The same day and time some months earlier, or the last day of that month where it is shorter. */
function monthsBefore(now: Date, months: number): Date {
  const then = new Date(now);
  then.setDate(1);
  then.setMonth(then.getMonth() - months);
  const lastDay = new Date(then.getFullYear(), then.getMonth() + 1, 0).getDate();
  then.setDate(Math.min(now.getDate(), lastDay));
  return then;
}

function dayEdge(day: Date, edge: DayEdge): number {
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate() + (edge === 'end' ? 1 : 0));
  return toSeconds(start) - (edge === 'end' ? 1 : 0);
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
