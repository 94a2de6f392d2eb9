import { readdirSync, readFileSync } from 'fs';
import { dirname, join, normalize } from 'path';

const SOURCE = join(__dirname, '../src');

/** The rooms from the ground up: a file imports from its own and from those above it in this list. */
const ROOMS = [
  'core',
  'openshift',
  'certificate',
  'butane',
  'documents',
  'rules',
  'synthesis',
  'connection',
  'peer',
  'constructs',
  'check',
  'plan',
  'import',
  'cli',
];

const files = (readdirSync(SOURCE, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).sort();

/** What each file imports from the others, types among them. */
const imports = new Map(files.map((file) => {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  const paths = [...text.matchAll(/(?:from|import|require\()\s*'(\.[^']*)'/g)].map(([, path]) => normalize(join(dirname(file), path)));
  return [
    file,
    paths.flatMap((path) => [`${path}.ts`, join(path, 'index.ts')].filter((candidate) => files.includes(candidate)).slice(0, 1)),
  ];
}));

const roomOf = (file: string) => file.split('/')[0];

test('every file is in a room', () => {
  expect(files.filter((file) => !ROOMS.includes(roomOf(file)))).toEqual(['index.ts']);
});

test('no file imports from a room below its own', () => {
  const upwards = files.flatMap((file) => imports.get(file)!.map((other) => [file, other] as const))
    .filter(([file, other]) => file !== 'index.ts' && ROOMS.indexOf(roomOf(other)) > ROOMS.indexOf(roomOf(file)));
  expect(upwards.map(([file, other]) => `${file} imports ${other}`)).toEqual([]);
});

test('rules are reached by the door of their room alone: in the package they are one file', () => {
  const past = files.filter((file) => roomOf(file) !== 'rules').flatMap((file) => imports.get(file)!
    .filter((other) => roomOf(other) === 'rules' && other !== 'rules/index.ts')
    .map((other) => `${file} imports ${other}`));
  expect(past).toEqual([]);
});

test('no circle of files exists', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(' > '));
    if (at >= 0 || done.has(file)) return;
    for (const other of imports.get(file)!) visit(other, [...path, file]);
    done.add(file);
  };
  files.forEach((file) => visit(file, []));
  expect(circles).toEqual([]);
});

test('nothing happens because the face is imported: it exports and no more', () => {
  expect(
    readFileSync(join(SOURCE, 'index.ts'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !/^export \* from '\.[a-z./-]*';$/.test(line)),
  ).toEqual([]);
});
