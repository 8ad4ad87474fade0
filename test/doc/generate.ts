/** Arbitrary documents as people write them: every style, comments everywhere. */
import fc from 'fast-check';

const word: fc.Arbitrary<string> = fc.constantFrom(
  'a',
  'b',
  'cc',
  'name',
  'x-y',
  'k1',
  'über',
  '1.10',
  'true',
);
const space: fc.Arbitrary<string> = fc.constantFrom(' ', ' ', ' ', '  ', '   ');
const lineComment: fc.Arbitrary<string> = fc.constantFrom('', '', '', ' # note', '   # c: d', ' #');
const yamlLead: fc.Arbitrary<readonly string[]> = fc.array(fc.constantFrom('', '# lead', '#', '# a: 1'), {
  maxLength: 2,
});

const oneLine: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: word, weight: 4 },
  fc.constantFrom(
    '1',
    '0x1F',
    '1.10',
    '12345678901234567890',
    '~',
    'null',
    'yes',
    '2024-01-01',
    '-.inf',
    '""',
  ),
  fc.constantFrom(
    '"two words"',
    "'it''s'",
    '"a\\tb # c"',
    'plain: no'.replace(': ', ':'),
    '!!str 5',
    '!tag x',
    '&q v',
  ),
  fc.constantFrom(
    '{}',
    '[]',
    '[ ]',
    '[a, b]',
    '{a: 1, b: [x, {y: z}]}',
    '{ a: 1 }',
    '[a: 1, {b}]',
    '[ a,b , ]',
  ),
);

/** Lines of a value: the first goes behind the indicator, the others stand below it at their own indentation. */
interface Lines {
  readonly inline: string;
  readonly below: readonly string[];
}

const multiLine: fc.Arbitrary<Lines> = fc.constantFrom<Lines>(
  { inline: '|', below: ['  text', '', '    more: x', '  # no comment'] },
  { inline: '|-', below: ['  one'] },
  { inline: '|+', below: ['  keep', '', ''] },
  { inline: '>2 # folded', below: ['  one', '  two'] },
  { inline: 'plain text', below: ['  goes on'] },
  { inline: '"quoted', below: ['', '  goes on"'] },
  { inline: '[', below: ['  a, # first', '  {b: 1,', '   c: 2}', '  ]'] },
  { inline: '{ # map', below: ['  a: 1,', '  # own line', '  b: 2', ' }'] },
  { inline: '[one,', below: ['  two, three]'] },
);

const indented = (lines: readonly string[], by: number): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));

const leafValue: fc.Arbitrary<readonly string[]> = fc.oneof(
  {
    arbitrary: fc
      .record({ space, text: oneLine, comment: lineComment })
      .map(({ space: gap, text, comment }) => [gap + text + comment]),
    weight: 5,
  },
  fc.constantFrom([''], [' # empty'], ['', '  # deeper']),
  fc.record({ space, text: multiLine }).map(({ space: gap, text }) => [gap + text.inline, ...text.below]),
);

/** The lines of a block node at column 0. */
const { block } = fc.letrec<{ block: readonly string[]; map: readonly string[]; list: readonly string[] }>(
  (tie) => ({
    block: fc.oneof({ maxDepth: 3, depthSize: 'small' }, tie('map'), tie('list')),
    map: fc
      .uniqueArray(
        fc.record({
          key: fc.constantFrom(
            'a',
            'b',
            '"q k"',
            "'s'",
            'x.y',
            '1',
            'true',
            '? c',
            '&k d',
            '!!str e',
            'on',
            '/p',
          ),
          lead: yamlLead,
          value: mapValue(tie('block')),
        }),
        { minLength: 1, maxLength: 4, selector: ({ key }) => key },
      )
      .map((entries) =>
        entries.flatMap(({ key, lead, value }) => {
          const colon = key.startsWith('?') ? [key, `:${value[0] ?? ''}`] : [`${key}:${value[0] ?? ''}`];
          return [...lead, ...colon, ...value.slice(1)];
        }),
      ),
    list: fc
      .array(fc.record({ lead: yamlLead, value: listValue(tie('block')) }), { minLength: 1, maxLength: 3 })
      .map((items) => items.flatMap(({ lead, value }) => [...lead, `-${value[0] ?? ''}`, ...value.slice(1)])),
  }),
);

function mapValue(inner: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> {
  return fc.oneof(
    { arbitrary: leafValue, weight: 3 },
    {
      arbitrary: fc
        .record({
          inner,
          indent: fc.constantFrom(1, 2, 2, 4),
          comment: lineComment,
          props: fc.constantFrom('', '', ' &m', ' !t'),
        })
        .map(({ inner: lines, indent, comment, props }) => [
          `${props}${comment}`,
          ...indented(lines, indent),
        ]),
      weight: 2,
    },
  );
}

function listValue(inner: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> {
  return fc.oneof(
    leafValue,
    fc.record({ inner, indent: fc.constantFrom(1, 2, 3) }).map(({ inner: lines, indent }) => {
      const [first = '', ...rest] = lines;
      const isCompact = first !== '' && !first.startsWith('#');
      return isCompact
        ? [' '.repeat(indent) + first, ...indented(rest, indent + 1)]
        : ['', ...indented(lines, indent + 1)];
    }),
  );
}

const file = fc.record({
  bom: fc.constantFrom('', '', '', '\uFEFF'),
  eol: fc.constantFrom('\n', '\n', '\n', '\r\n'),
  final: fc.constantFrom(true, true, true, false),
});

type File = { readonly bom: string; readonly eol: string; readonly final: boolean };

function fileText({ bom, eol, final }: File, lines: readonly string[]): string {
  return bom + lines.join(eol) + (final ? eol : '');
}

/** YAML texts; most of them parse. */
export const yamlText: fc.Arbitrary<string> = fc
  .record({
    file,
    head: fc.constantFrom([], [], ['# header', ''], ['---'], ['%YAML 1.2', '--- # start', '# touching']),
    body: block,
    foot: fc.constantFrom([], [], ['# end'], ['', ''], ['  # deeper end'], ['...', '# after']),
    more: fc.option(block, { freq: 8, nil: undefined }),
  })
  .map(({ file: options, head, body, foot, more }) =>
    fileText(options, [...head, ...body, ...foot, ...(more ? ['---', ...more] : [])]),
  );

const jsonSpace: fc.Arbitrary<string> = fc.constantFrom(
  '',
  '',
  ' ',
  '\n  ',
  ' // c\n',
  '/* x */',
  '\n// a\n\n  ',
  '\t',
);
const jsonLeaf: fc.Arbitrary<string> = fc.constantFrom(
  '1',
  '-0.5e3',
  '1.10',
  '12345678901234567890',
  'true',
  'null',
  '"a"',
  '"\\u00e9 \\" #"',
  '{}',
  '[ ]',
  '"//"',
);

const { value: jsonValue } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    jsonLeaf,
    bracketed('[', ']', tie('value')),
    bracketed(
      '{',
      '}',
      fc
        .record({ key: word, a: jsonSpace, b: jsonSpace, value: tie('value') })
        .map(({ key, a, b, value }) => `${JSON.stringify(key)}${a}:${b}${value}`),
    ),
  ),
}));

function bracketed(open: string, close: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .record({
      items: fc.array(fc.record({ before: jsonSpace, item, after: jsonSpace }), { maxLength: 4 }),
      end: jsonSpace,
      comma: fc.constantFrom(false, false, false, true),
    })
    .map(({ items, end, comma }) => {
      const parts = items.map(({ before, item: text, after }) => before + text + after);
      return open + parts.join(',') + (comma && items.length > 0 ? ',' : '') + end + close;
    });
}

/** JSONC texts; they all parse, though keys may be there twice. */
export const jsonText: fc.Arbitrary<string> = fc
  .record({ file, before: jsonSpace, value: jsonValue, after: jsonSpace })
  .map(({ file: options, before, value, after }) => {
    const text = before + value + after;
    return fileText({ ...options, final: false }, text.split('\n'));
  });

const iniLine: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '; note', '# note', '  ; deeper'),
  fc
    .record({
      key: fc.constantFrom('a', 'b', 'c.d', 'k[]', '"q=k"', 'two words', '/x'),
      delimiter: fc.constantFrom('=', ' = ', '= ', ' =', ': '),
      value: fc.constantFrom('1', '', 'true', 'x y', '"a;b"', "'q'", 'a\\;b', 'http://h:1/?q=2', '  '),
      comment: fc.constantFrom('', '', ' ; c', ' # c'),
      indent: fc.constantFrom('', '', '', '  '),
    })
    .map(({ key, delimiter, value, comment, indent }) => indent + key + delimiter + value + comment),
  fc.constantFrom('flag', '[s]', '[s.t]', '[ u v ] ; c', '[w\\.x]', '[s]', '    continued', '\tx = y'),
);

/** INI texts. */
export const iniText: fc.Arbitrary<string> = fc
  .record({ file, lines: fc.array(iniLine, { maxLength: 14 }) })
  .map(({ file: options, lines }) => fileText(options, lines));
