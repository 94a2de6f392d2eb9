/** Characters that some reader of YAML takes for a line break, or refuses; and what begins a document in another way than `---` alone. */
const UNUSUAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^(?:%|\.\.\.|---(?!$))/m;

/** Where the documents of a text begin and end, each with the line that begins it; undefined where that is not certain at a glance. */
export function documentsIn(text: string): (readonly [start: number, end: number])[] | undefined {
  if (!text.endsWith('\n') || UNUSUAL.test(text)) return undefined;
  const documents: (readonly [number, number])[] = [];
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf('\n---\n', start);
    const end = next < 0 ? text.length : next + 1;
    documents.push([start, end]);
    start = end;
  }
  return documents;
}
