/**
 * Whether a program printed what a page says. `…` stands for what differs from run to run: within a line for a part of it, and as a
 * line of its own for any number of lines.
 */
export function expectSaid(printed: string, says: string): void {
  const pattern = says.split('\n').map((line) => (line === '…' ? '(?:.*\\n)*' : `${line.split('…').map(escaped).join('.+')}\n`)).join('');
  if (new RegExp(`^${pattern.replace(/\n$/, '')}$`).test(printed)) return;
  // Equal texts would not come here: this shows where they differ.
  expect(printed).toBe(says);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
