/** What Go's `url.Parse` makes of a text, as far as Ignition looks at it; undefined if it refuses it. */
export interface ParsedUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly query: string;
}

export function parseUrl(text: string): ParsedUrl | undefined {
  const [url, fragment] = cut(text, '#');
  if (/[\x00-\x1f\x7f]/.test(url) || !escapesAreValid(fragment)) return undefined;
  if (url.startsWith(':')) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1] ?? '';
  const [rest, query] = cut(scheme ? url.slice(scheme.length + 1) : url, '?');
  const parsed = { scheme: scheme.toLowerCase(), opaque: '', query };
  if (!rest.startsWith('/')) {
    if (scheme) return { ...parsed, opaque: rest };
    if (rest.split('/')[0].includes(':')) return undefined;
  }
  if ((scheme || !rest.startsWith('///')) && rest.startsWith('//')) {
    const [authority, path] = cut(rest.slice(2), '/');
    return authorityIsValid(authority) && escapesAreValid(path) ? parsed : undefined;
  }
  return escapesAreValid(rest) ? parsed : undefined;
}

function authorityIsValid(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !escapesAreValid(user)) return false;
  const host = authority.slice(at + 1);
  if (host.includes('[')) {
    const match = /^\[([0-9A-Fa-f:.]*)(?:%25[^\]]*)?\](:[0-9]*)?$/.exec(host);
    return match !== null && match[1].includes(':');
  }
  if (!/^([^:]*|.*:[0-9]*)$/.test(host)) return false;
  // In a host only bytes outside ASCII may be escaped.
  return !/[ \\^`{|}#?/@]/.test(host) && !/%(?![89A-Fa-f][0-9A-Fa-f])/.test(host);
}

function escapesAreValid(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function cut(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** Why a URL is none that Ignition can fetch; undefined if it can. */
export function urlProblem(text: string, s3Arns: boolean): string | undefined {
  if (isPlainData(text)) return undefined;
  const url = parseUrl(text);
  if (!url) return 'unable to parse url';
  switch (url.scheme) {
    case 'http': case 'https': case 'tftp': case 'gs': return undefined;
    case 's3': return versionIdProblem(url);
    case 'arn': return s3Arns ? arnProblem(url) ?? versionIdProblem(url) : 'invalid url scheme';
    case 'data': return dataUrlProblem(text);
    default: return 'invalid url scheme';
  }
}

/**
 * Data URLs as this library writes them, which need no second look. No group is repeated: for each repetition a regular
 * expression keeps where it was, and megabytes of them are more than it may.
 */
function isPlainData(text: string): boolean {
  if (/^data:;base64,[A-Za-z0-9+/]*={0,2}$/.test(text)) return (text.length - 'data:;base64,'.length) % 4 === 0;
  return /^data:,[A-Za-z0-9\-_.!~*'()%]*$/.test(text) && !/%(?![0-9A-F]{2})/.test(text);
}

function versionIdProblem({ query }: ParsedUrl): string | undefined {
  const parameter = query.split('&').find((each) => /^versionId(=|$)/.test(each));
  return parameter !== undefined && cut(parameter, '=')[1] === '' ? 'invalid S3 object VersionId' : undefined;
}

function arnProblem({ opaque }: ParsedUrl): string | undefined {
  const arn = `arn:${opaque}`;
  const parts = arn.split(':');
  if (parts.length < 6 || parts[2] !== 's3') return 'invalid S3 ARN format';
  const segments = arn.split('/').length;
  return segments < (parts.slice(5).join(':').startsWith('accesspoint/') ? 3 : 2) ? 'invalid S3 ARN format' : undefined;
}

/** Why a text that begins with `data:` is no data URL to the tool's library, in its words. */
export function dataUrlProblem(text: string): string | undefined {
  const header = readDataHeader(text.slice('data:'.length));
  if (typeof header === 'string') return header;
  const { base64, data } = header;
  if (base64) return /[^A-Za-z0-9+/=\n]/.test(data) ? 'invalid data character' : base64Problem(data);
  if (/[^\x21-\x7e]|[<>#"{}|\\^[\]`]/.test(data)) return 'invalid data character';
  return percentProblem(data);
}

function readDataHeader(text: string): { base64: boolean; data: string } | string {
  const token = '[^\\x00-\\x20\\x7f-\\uffff()<>@,;:\\\\"/[\\]?=]';
  let rest = text;
  let base64 = false;
  if (!/^[;,]/.test(rest)) {
    if (rest === '') return 'missing comma before data';
    if (!new RegExp(`^${token}`).test(rest)) return 'invalid character after data prefix';
    const extension = /^[xX]-/.test(rest);
    // The tool's library looks past an x for a dash, and forgets what it found instead.
    const type = new RegExp(`^(?:[xX][^-])?${token}*`, 's').exec(rest)![0];
    rest = rest.slice(type.length);
    if (rest === '') return 'missing media type slash';
    if (rest[0] !== '/') return 'invalid character for media type';
    if (!extension && !/^(text|image|audio|video|application|message|multipart)/.test(type)) return 'invalid media type';
    const subtype = new RegExp(`^${token}*`).exec(rest.slice(1))![0];
    rest = rest.slice(1 + subtype.length);
    if (rest === '') return 'incomplete media type';
    if (!/^[;,]/.test(rest)) return 'invalid character for media subtype';
  }
  while (rest[0] === ';') {
    rest = rest.slice(1);
    if (rest === '' || /^[=,]/.test(rest)) return 'unterminated parameter sequence';
    const name = new RegExp(`^${token}*`).exec(rest)![0];
    if (name === '') return 'invalid character for parameter attribute';
    rest = rest.slice(name.length);
    if (rest === '') return 'unterminated parameter sequence';
    if (rest[0] === ',') {
      if (name !== 'base64') return `expected base64, got ${name}`;
      base64 = true;
      break;
    }
    if (rest[0] !== '=') return 'invalid character for parameter attribute';
    rest = rest.slice(1);
    if (rest === '') return 'missing comma before data';
    if (rest[0] === '"') {
      const quoted = /^"(?:[^\\"\u0080-\uffff]|\\[\x00-\x7f])*"/.exec(rest);
      if (!quoted) return rest.includes('"', 1) ? 'invalid character for parameter value' : 'unclosed quoted string';
      rest = rest.slice(quoted[0].length);
      if (rest === '') return 'missing comma before data';
      if (!/^[;,]/.test(rest)) return 'expected semicolon or comma';
    } else {
      const value = new RegExp(`^${token}*`).exec(rest)![0];
      if (value === '') return 'invalid character for parameter value';
      rest = rest.slice(value.length);
      if (rest === '') return 'missing comma before data';
      if (!/^[;,]/.test(rest)) return 'invalid character for parameter value';
      const problem = percentProblem(value);
      if (problem) return problem;
    }
  }
  return { base64, data: rest.slice(1) };
}

function percentProblem(data: string): string | undefined {
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(data);
  if (!bad) return undefined;
  const after = data.slice(bad.index + 1);
  return after.length < 2 && /^[0-9A-Fa-f]?$/.test(after)
    ? 'rfc2396: unexpected end of unescape sequence'
    : 'rfc2396: invalid char 0x25 in unescape sequence';
}

/** Go's strict decoder: padding is required, newlines are passed over. */
function base64Problem(data: string): string | undefined {
  let digits = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === '\n') continue;
    if (data[i] !== '=') {
      digits++;
      continue;
    }
    if (digits % 4 < 2) return `illegal base64 data at input byte ${i}`;
    let end = i + 1;
    if (digits % 4 === 2) {
      while (data[end] === '\n') end++;
      if (end >= data.length) return `illegal base64 data at input byte ${data.length}`;
      if (data[end] !== '=') return `illegal base64 data at input byte ${end - 1}`;
      end++;
    }
    while (data[end] === '\n') end++;
    return end < data.length ? `illegal base64 data at input byte ${end}` : undefined;
  }
  return digits % 4 === 0 ? undefined : `illegal base64 data at input byte ${data.length - digits % 4}`;
}
