import { writeFileSync } from 'fs';
import { join } from 'path';
import { COMMANDS, MAIN_HELP } from '../src/cli/commands';

const PAGE = join(__dirname, '../docs/command.md');

const HEAD = `# The command

**For** whoever calls \`openshift-ipsec\`, at a terminal or in CI. It comes with the package: \`npx openshift-ipsec\` where the package is
installed. Below is what \`--help\` prints, written here by \`npx projen command\`; do not edit this page.

More on [check](check.md), [plan](plan.md) and [import](move-from-a-hand-made-set-up.md). Completion of commands and options:
\`source <(openshift-ipsec completion bash)\` in \`~/.bashrc\`, and the same with \`zsh\` in \`~/.zshrc\`.
`;

/** The page of the command, from its own help. */
export function commandMarkdown(): string {
  const sections = COMMANDS.map(({ name, load }) => `\n## openshift-ipsec ${name}\n\n\`\`\`text\n${load().help}\`\`\`\n`);
  return `${HEAD}\n\`\`\`text\n${MAIN_HELP}\`\`\`\n${sections.join('')}`;
}

if (require.main === module) writeFileSync(PAGE, commandMarkdown());
