import { describe, expect, it } from 'vitest';
import { parseDateLimit } from '../../src/store/revision/date-limit.js';

/** A Thursday. TZ is UTC in tests. */
const now = new Date('2024-02-29T12:30:45.678Z');
const at = (text: string): number => Date.parse(text) / 1000;

describe('parseDateLimit', () => {
  it.each([
    ['@1700000000', '2023-11-14T22:13:20Z'],
    ['2024-01-31T10:00:00Z', '2024-01-31T10:00:00Z'],
    ['2024-01-31 10:00', '2024-01-31T10:00:00Z'],
    ['2024-01-31T10:00:30.5+02:00', '2024-01-31T08:00:30Z'],
    ['2024-01-31 10:00 -0130', '2024-01-31T11:30:00Z'],
    ['2024-1-5', '2024-01-05T00:00:00Z'],
    ['now', '2024-02-29T12:30:45Z'],
    ['today', '2024-02-29T00:00:00Z'],
    ['Yesterday', '2024-02-28T00:00:00Z'],
    ['90 seconds ago', '2024-02-29T12:29:15Z'],
    ['1 hour ago', '2024-02-29T11:30:45Z'],
    ['2 weeks ago', '2024-02-15T12:30:45Z'],
    ['2.weeks.ago', '2024-02-15T12:30:45Z'],
    ['a day ago', '2024-02-28T12:30:45Z'],
    ['last month', '2024-01-29T12:30:45Z'],
    ['1 year ago', '2023-02-28T12:30:45Z'],
    ['12 months ago', '2023-02-28T12:30:45Z'],
    ['  last week ', '2024-02-22T12:30:45Z'],
  ])('reads %j as a start', (text, expected) => {
    expect(parseDateLimit(text, now, 'start')).toBe(at(expected));
  });

  it.each([
    ['2024-01-31', '2024-01-31T23:59:59Z'],
    ['2024-01-31 10:00', '2024-01-31T10:00:00Z'],
    ['today', '2024-02-29T23:59:59Z'],
    ['yesterday', '2024-02-28T23:59:59Z'],
  ])('reads %j as an end', (text, expected) => {
    expect(parseDateLimit(text, now, 'end')).toBe(at(expected));
  });

  it.each([
    '',
    'someday',
    '2023-02-29',
    '2024-13-01',
    '2024-01-01 25:00',
    'ago',
    '2 fortnights ago',
    '01/02/2024',
  ])('refuses %j', (text) => {
    expect(() => parseDateLimit(text, now, 'start')).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: `'${text}' is not a date` }),
    );
  });
});
