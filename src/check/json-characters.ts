const [NEWLINE, SPACE, BACKSLASH] = [10, 32, 92];

export function isSpace(code: number): boolean {
  return code === SPACE || code === NEWLINE;
}

/** Behind the quote that ends a text. */
export function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** Whether an odd number of backslashes stands before a quote. */
export function isEscaped(text: string, quote: number): boolean {
  let before = quote;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (quote - before) % 2 === 1;
}
