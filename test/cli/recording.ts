/** A picture of a terminal (SVG, dark), from text with the colours that cfg uses. Text that is no output of a command begins with `$ `. */
export function pictureOf(text: string): string {
  const rows = text.trimEnd().split('\n');
  const [width, height] = [
    Math.max(...rows.map((row) => plain(row).length)) * 8.4 + 32,
    rows.length * 20 + 32,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#d0d4da">`,
    '<rect width="100%" height="100%" rx="8" fill="#1b1f24"/>',
    ...rows.map((row, at) => `<text x="16" y="${30 + 20 * at}" xml:space="preserve">${spans(row)}</text>`),
    '</svg>\n',
  ].join('\n');
}

const looks: Readonly<Record<string, string>> = {
  '1': 'font-weight="bold"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff7b72"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
  '36': 'fill="#76d9e6"',
};

// A colour begins, what it colours, and it ends: nothing that cfg prints is nested.
const colored = /\p{Cc}\[(\d+)m(\P{Cc}*)\p{Cc}\[\d+m/gu;

function plain(row: string): string {
  return row.replace(colored, '$2');
}

function spans(row: string): string {
  const typed = row.startsWith('$ ')
    ? `<tspan fill="#8b949e">$</tspan> ${escaped(row.slice(2))}`
    : escaped(row);
  return typed.replace(colored, (_, look: string, text: string) => {
    const attributes = looks[look];
    if (attributes === undefined) throw new Error(`the picture has no look for colour ${look}`);
    return `<tspan ${attributes}>${text}</tspan>`;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
