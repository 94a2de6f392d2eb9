import { writeFileSync } from 'fs';
import { join } from 'path';
import { troubleshootingPage } from './troubleshooting-page';

/** Writes the page of what logs say of faults, from the data that the command reads. */
writeFileSync(join(__dirname, '../docs/the-tunnel-does-not-come-up.md'), troubleshootingPage());
