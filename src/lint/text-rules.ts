import type { Report } from './report.js';

/** Rules about the text as a whole. */
export function checkText(text: string, report: Report): void {
  if (text.startsWith('\uFEFF'))
    report({
      rule: 'byte-order-mark',
      message: 'the file begins with a byte order mark: save it as UTF-8 without one',
      start: 0,
      end: 0,
    });
  checkLineEndings(text, report);
}

/** Points at the first line that ends unlike most. */
function checkLineEndings(text: string, report: Report): void {
  if (!text.includes('\r\n')) return;
  let [crlf, lf, firstCrlf, firstLf] = [0, 0, -1, -1];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text[at - 1] === '\r') {
      crlf += 1;
      if (firstCrlf < 0) firstCrlf = at - 1;
    } else {
      lf += 1;
      if (firstLf < 0) firstLf = at;
    }
  }
  if (lf === 0) return;
  const odd = crlf < lf ? firstCrlf : firstLf;
  const message = `${crlf} lines end in CRLF and ${lf} in LF: use one of them`;
  report({ rule: 'mixed-line-endings', message, start: odd, end: odd });
}
