/** What was found and why it matters, and the fix, as one sentence. */
export function sentence({ message, fix }: { readonly message: string; readonly fix?: string }): string {
  if (fix === undefined) return message;
  const rest = fix.replace(/\.$/, '');
  return `${message}; ${/^[A-Z](?![A-Z])/.test(rest) ? rest.charAt(0).toLowerCase() + rest.slice(1) : rest}`;
}
