/** What stands behind an opening bracket and before the closing one, where both are on one line. */
export interface Padding {
  readonly map: string;
  readonly list: string;
}

export const noPadding: Padding = { map: '', list: '' };
