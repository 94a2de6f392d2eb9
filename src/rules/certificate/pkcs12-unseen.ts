import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const pkcs12Unseen: Rule = {
  id: 'pkcs12-unseen',
  severity: 'warning',
  title: 'a bundle that a hub template of RHACM fills in: no rule can look inside; told once for each Secret',
  why: 'A wrong friendly name, password or CA shows only on the node, as an import that fails.',
  fix: 'Check the bundle with openshift-ipsec before it is put on the hub, and acknowledge this.',
  docs: DOCS.rhacmPolicy,

  on: {
    set({ machineConfigs }, report) {
      const told = new Set<string>();
      for (const { subject, files } of machineConfigs) {
        for (const { path: file, pointer, contents } of files) {
          const source = contents?.source;
          if (typeof source !== 'string' || !/\.(?:p12|pfx|pkcs12)$/i.test(file) || !/\{\{-?\s*hub\b/.test(source) || told.has(source)) {
            continue;
          }
          told.add(source);
          report({
            subject,
            path: `${pointer}/contents/source`,
            message: `the bundle ${show(file)} is in a Secret on the hub, and nobody has looked into it`,
          });
        }
      }
    },
  },
};
