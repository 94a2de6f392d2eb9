/** Writes DER, for test certificates and bundles that no tool would make. */
export function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, body]);
}

export const sequence = (...content: Buffer[]) => der(0x30, ...content);
export const set = (...content: Buffer[]) => der(0x31, ...content);
export const octets = (content: Buffer) => der(0x04, content);
export const utf8 = (text: string) => der(0x0c, Buffer.from(text, 'utf8'));
export const bmp = (text: string) => der(0x1e, Buffer.from(text, 'utf16le').swap16());
export const nothing = der(0x05);
/** [n] around a value. */
export const context = (n: number, ...content: Buffer[]) => der(0xa0 + n, ...content);
export const bits = (content: Buffer, unused = 0) => der(0x03, Buffer.from([unused]), content);

export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return bytes[0] >= 0x80 ? der(0x02, Buffer.alloc(1), bytes) : der(0x02, bytes);
}

export function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 + left % 128);
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

/** GeneralizedTime, to the second. */
export function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replace(/\.\d+|[-:T]/g, '')));
}
