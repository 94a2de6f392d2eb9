import { printable } from '../../core/printable';

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text of a user's inside XML or HTML, in content or in an attribute: it is neither markup nor a control character. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A text that fits into so many pixels of a font of 13; what is longer ends with an ellipsis. */
export function fitted(text: string, pixels: number, perCharacter = 7.2): string {
  const most = Math.max(1, Math.floor(pixels / perCharacter));
  const characters = [...printable(text)];
  return escaped(characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`);
}
