/** Conflict markers in Git's diff3 form, the only view of a conflict that lives in a file. */
import type { MergeLabels } from './types.js';

export interface MarkerStyle {
  readonly labels: MergeLabels;
  /** Length of a marker. */
  readonly size: number;
  /** Line end of the file. */
  readonly eol: '\n' | '\r\n';
}

export const defaultLabels: MergeLabels = { base: 'base', ours: 'ours', theirs: 'theirs' };

/** Git: Documentation/gitattributes, `conflict-marker-size`. */
export const defaultMarkerSize = 7;

/** The three texts (each empty, or whole lines) between markers. A last line without its line end gets one. */
export function withMarkers(
  sides: { readonly base?: string | undefined; readonly ours: string; readonly theirs: string },
  style: MarkerStyle,
): string {
  const { labels, size, eol } = style;
  const marker = (sign: string, label: string): string =>
    `${sign.repeat(size)}${label === '' ? '' : ` ${label}`}${eol}`;
  const whole = (text: string): string => (text === '' || text.endsWith('\n') ? text : text + eol);
  return [
    marker('<', labels.ours),
    whole(sides.ours),
    sides.base === undefined ? '' : marker('|', labels.base) + whole(sides.base),
    marker('=', ''),
    whole(sides.theirs),
    marker('>', labels.theirs),
  ].join('');
}

/** Whether a text already holds conflict markers, as the virtual base of a criss-cross merge may. */
export function hasMarkers(text: string): boolean {
  return /^<{7,}(?: .*)?$/m.test(text) && /^>{7,}(?: .*)?$/m.test(text);
}
