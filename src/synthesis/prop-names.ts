/** The words that rules call things by in a document, and the props that wrote them; words without one stay. */
export interface PropNames {
  readonly [word: string]: string;
}

/** What a rule says in the words of a document, in those of the props that wrote it. A value in parentheses stays what it is. */
export function inProps(message: string, props: PropNames | undefined): string {
  if (!props) return message;
  return message.replace(/(?<![('\w])'([A-Za-z][\w.-]*)'/g, (quoted, word: string) => (Object.hasOwn(props, word) ? props[word] : quoted));
}
