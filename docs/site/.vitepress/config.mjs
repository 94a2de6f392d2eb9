import { writeFileSync } from 'fs';
import { join } from 'path';
import { defineConfig } from 'vitepress';

const REPOSITORY = 'https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec/blob/main';


/** A program and the same in another language are tabs on the site; in a file they stand below each other. */
function withTabs(source) {
  const twice = /```ts\n([^]*?)^```\n+<details><summary>The same in (\w+)<\/summary>\n+```(\w+)\n([^]*?)^```\n([^]*?)<\/details>/gm;
  return source.replace(twice, (_, ts, language, fence, code, rest) =>
    `::: code-group\n\n\`\`\`ts [TypeScript]\n${ts}\`\`\`\n\n\`\`\`${fence} [${language}]\n${code}\`\`\`\n\n:::\n${rest}`);
}

/** What is no page leads to the repository. */
function toRepository(href, page) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const path = new URL(href, `file:///${page}`).pathname.slice(1);
  if (path.endsWith('.md') && !path.startsWith('test/')) return href;
  return `${REPOSITORY}/${path}`;
}

export default defineConfig({
  title: 'cdk8s-openshift-ipsec',
  description: 'IPsec between an OpenShift cluster and hosts outside it, from a few typed lines.',
  srcDir: '../..',
  srcExclude: ['**/node_modules/**', '{src,test,lib,dist,examples,coverage,test-reports,projenrc}/**', 'docs/site/**'],
  // Everything is in the folder that is built: no font and no search comes from elsewhere.
  cleanUrls: false,
  buildEnd: ({ outDir }) => writeFileSync(join(outDir, 'index.html'), '<!doctype html><meta http-equiv="refresh" content="0; url=README.html">\n'),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [{ text: 'Pages', link: '/docs/README' }, { text: 'API', link: '/API' }, { text: 'Rules', link: '/RULES' }],
    sidebar: [
      { text: 'Begin', items: [
        { text: 'All pages, by task', link: '/docs/README' }, { text: 'First tunnel', link: '/docs/first-tunnel' },
        { text: 'Move from a hand-made set-up', link: '/docs/move-from-a-hand-made-set-up' }, { text: 'What it does', link: '/docs/what-it-does' },
        { text: 'Languages', link: '/docs/languages' },
      ] },
      { text: 'Decide', items: [
        { text: 'Keys', link: '/docs/keys' }, { text: 'GitOps', link: '/docs/gitops' }, { text: 'Peers', link: '/docs/peers' }, { text: 'The guard', link: '/docs/guard' },
        { text: 'Security model', link: '/docs/security-model' },
      ] },
      { text: 'Run', items: [
        { text: 'check', link: '/docs/check' }, { text: 'plan', link: '/docs/plan' }, { text: 'Rotation', link: '/docs/rotation' },
        { text: 'Several clusters', link: '/docs/several-clusters' }, { text: 'Upgrade OpenShift', link: '/docs/upgrade-openshift' },
        { text: 'Monitoring', link: '/docs/monitoring' }, { text: 'The tunnel does not come up', link: '/docs/the-tunnel-does-not-come-up' },
        { text: 'Questions', link: '/docs/faq' }, { text: 'Take it all away', link: '/docs/take-it-all-away' },
      ] },
      { text: 'Look up', items: [
        { text: 'The command', link: '/docs/command' }, { text: 'API', link: '/API' }, { text: 'API in Python', link: '/docs/api/python' },
        { text: 'API in Java', link: '/docs/api/java' }, { text: 'API in Go', link: '/docs/api/go' }, { text: 'Rules', link: '/RULES' },
        { text: 'Supported releases', link: '/docs/supported-releases' }, { text: 'How it is tested', link: '/docs/how-it-is-tested' },
        { text: 'Changes', link: '/CHANGELOG' },
      ] },
    ],
  },
  // Pages lie outside of this folder, and what they are compiled to imports packages of it.
  vite: {
    plugins: [{
      name: 'packages-of-the-site',
      enforce: 'pre',
      async resolveId(source, importer, options) {
        if (!/^vue(?:\/|$)/.test(source) || !/\.md(?:\?|$)/.test(importer ?? '')) return undefined;
        return this.resolve(source, join(process.cwd(), 'package.json'), { ...options, skipSelf: true });
      },
    }],
  },
  markdown: {
    // What stands in braces at the end of a sentence is part of it.
    attrs: { disable: true },
    config: (md) => {
      const { render, renderAsync } = md;
      md.render = (source, env) => render.call(md, withTabs(source), env);
      if (renderAsync) md.renderAsync = (source, env) => renderAsync.call(md, withTabs(source), env);
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, ...rest) => {
        const { info, content } = tokens[index];
        if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
        return `<pre class="mermaid" v-pre>${md.utils.escapeHtml(content)}</pre>`;
      };
      // What a template would fill in stands in the text as it is.
      for (const rule of ['text', 'code_inline']) {
        const plain = md.renderer.rules[rule];
        md.renderer.rules[rule] = (...args) => plain(...args).replaceAll('{{', '&#123;&#123;');
      }
      // A placeholder such as <interface name> is no tag.
      const { html_inline: inline, html_block: block } = md.renderer.rules;
      const plainTags = (html) => html.replace(/<(?!\/?(?:a|br|details|summary|sup)[\s>/]|!--)/g, '&lt;');
      md.renderer.rules.html_inline = (...args) => plainTags(inline(...args));
      md.renderer.rules.html_block = (...args) => plainTags(block(...args));
      // Before the links of pages are read.
      md.core.ruler.push('sources', ({ tokens, env }) => {
        for (const { children } of tokens) {
          for (const token of children ?? []) {
            if (token.type === 'link_open') token.attrSet('href', toRepository(token.attrGet('href'), env.relativePath ?? ''));
          }
        }
      });
    },
  },
});

