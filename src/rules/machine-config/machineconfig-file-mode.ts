import { isPlaceholder } from '../../documents/placeholders';
import { isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** Decimals up to 0777 that are usual modes when read as octal, and no usual ones as they are. */
const LOOK_OCTAL = [400, 440, 444, 500];

export const machineconfigFileMode: Rule = {
  id: 'machineconfig-file-mode',
  severity: 'error',
  title: 'a mode above 0777 (decimal 644 is one); a warning for 400, 440, 444 and 500, decimals that look like octal',
  why: 'The Machine Config Operator refuses special bits; and a mode that was meant in octal opens a file to others.',
  fix: 'Write the mode in decimal, as JSON does: 256 for 0400, 384 for 0600, 420 for 0644, 480 for 0740, 493 for 0755.',
  docs: DOCS.butane,

  on: {
    'machine-config'({ files }, report) {
      for (const { path: file, pointer, mode } of files) {
        if (isMissing(mode) || isPlaceholder(mode)) continue;
        const path = `${pointer}/mode`;
        const given = `mode ${show(mode)} of ${show(file)}`;
        if (typeof mode !== 'number' || !Number.isInteger(mode) || mode < 0) {
          report({ path, message: `${given} must be a whole number from 0 to 511 (0777)` });
        } else if (mode > 0o777) {
          report({
            path,
            message: `${given} is above 511 (0777): in octal it is `
              + `0${mode.toString(8)}${/^[0-7]{3,4}$/.test(String(mode)) ? `, and 0${mode} would be ${parseInt(String(mode), 8)}` : ''}`,
          });
        } else if (LOOK_OCTAL.includes(mode)) {
          report({
            path,
            severity: 'warning',
            message: `${given} is 0${mode.toString(8)} in octal, and was probably meant as 0${mode}, which is ${parseInt(String(mode), 8)}`,
          });
        }
      }
    },
  },
};
