import { writeFileSync } from 'fs';
import { join } from 'path';
import { rulesMarkdown } from '../src/rules/markdown';

// `npx projen rules`: the catalogue as a page. A test compares the two.
writeFileSync(join(__dirname, '..', 'RULES.md'), rulesMarkdown());
