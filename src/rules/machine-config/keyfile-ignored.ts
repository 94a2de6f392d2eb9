import { keyfileText } from '../../documents/keyfiles';
import { isPlaceholder } from '../../documents/placeholders';
import { isMissing, show } from '../../documents/values';
import { readKeyfile } from '../../openshift/keyfile-format';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const keyfileIgnored: Rule = {
  id: 'keyfile-ignored',
  severity: 'error',
  title: 'a keyfile of a libreswan connection that NetworkManager does not load: others may read it, or a line of it is none',
  why: 'NetworkManager passes over such a file, and says so in its journal alone: the connection does not exist, '
    + 'and traffic goes out in clear.',
  fix: 'Write it with mode 0600 (384), in sections, entries and comments.',
  docs: DOCS.keyfile,

  on: {
    'machine-config'({ files }, report) {
      for (const file of files) {
        const text = keyfileText(file);
        if (text === undefined) continue;
        const { path, pointer, mode } = file;
        const octal = isMissing(mode) ? 0o644 : mode;
        if (typeof octal === 'number' && octal % 0o100 !== 0 && !isPlaceholder(mode)) {
          report({
            path: isMissing(mode) ? `${pointer}/path` : `${pointer}/mode`,
            message: `${show(path)} has mode 0${octal.toString(8)}${isMissing(mode) ? ', which is the default' : ''}, `
              + 'and NetworkManager loads no connection that others than root may read',
          });
        }
        if (readKeyfile(text) === undefined) {
          report({
            path: `${pointer}/contents/source`,
            message: `${show(path)} has a line that is neither section, entry nor comment, and NetworkManager loads nothing of such a file`,
          });
        }
      }
    },
  },
};
