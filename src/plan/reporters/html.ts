import { escaped } from './escape';
import { svgPlan } from './svg';
import { authorityWords, certificateWords, howLong, whatHappens } from './words';
import type { Plan, PoolPlan } from '../model';

const STYLE = `body{font:15px/1.5 'Red Hat Text','DejaVu Sans',Arial,sans-serif;color:#1f2430;background:#fff;max-width:1000px;margin:24px auto;padding:0 20px}
h1{font-size:24px}h2{font-size:18px;margin-top:32px}svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid #e3e6ea}th{color:#5b6270;font-weight:600}
code{font-family:'Red Hat Mono','DejaVu Sans Mono',monospace;font-size:13px;overflow-wrap:anywhere}.warning li{margin:8px 0}.warning{border-left:4px solid #b3261e;padding:4px 8px 4px 28px;background:#fdf3f2}`;

/** A plan as one page to read or to send: the picture, and all that is in the text, without a script and without another file. */
export function htmlPlan(plan: Plan): string {
  return htmlPage(`<h1>What this change does</h1>\n${htmlParts(plan)}`);
}

/** A page that needs nothing else. */
export function htmlPage(body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What this change does</title>
<style>
${STYLE}
</style>
</head>
<body>
${body}
</body>
</html>
`.replace(/\n{2,}/g, '\n');
}

/** All of one plan. */
export function htmlParts(plan: Plan): string {
  const { warnings, savings, unknown, pools, certificates, authorities } = plan;
  return `${warnings.length === 0 ? '' : `<h2>Watch out</h2>\n${list(warnings, 'warning')}`}
${svgPlan(plan).trimEnd()}
<h2>What causes it</h2>
${pools.map(poolTable).join('\n')}
${certificates.length + authorities.length === 0 ? '' : `<h2>Certificates</h2>
<table><tr><th>Pool</th><th>Name</th><th>What becomes of it</th></tr>
${certificates.map((certificate) => row([escaped(certificate.pool), escaped(certificate.nickname), escaped(certificateWords(certificate))])).join('\n')}
${authorities.map((authority) => row([escaped(authority.pool), 'CA', escaped(authorityWords(authority))])).join('\n')}
</table>`}
${savings.length === 0 ? '' : `<h2>What a pause would save</h2>\n${list(savings)}`}
<h2>What nobody can know from the manifests</h2>
${list(unknown)}`;
}

function poolTable(pool: PoolPlan): string {
  const count = howLong(pool);
  const head = `<h3>${escaped(pool.pool)}: ${escaped(whatHappens(pool))}${count === '' ? '' : ` <small>(${escaped(count)})</small>`}</h3>`;
  if (pool.causes.length === 0) return head;
  const rows = pool.causes.map(({ object, path, change, action }) => row([code(object), `${change} ${code(path)}`, escaped(action)]));
  return `${head}\n<table><tr><th>Object</th><th>What of it</th><th>What it asks for</th></tr>\n${rows.join('\n')}\n</table>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function code(content: string): string {
  return `<code>${escaped(content)}</code>`;
}

function list(sentences: readonly string[], kind?: string): string {
  return `<ul${kind === undefined ? '' : ` class="${kind}"`}>\n${sentences.map((sentence) => `<li>${escaped(sentence)}</li>`).join('\n')}\n</ul>`;
}
