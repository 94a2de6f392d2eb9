import { isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, show } from '../../documents/values';
import { ignitionVersionProblem } from '../../openshift/ignition-support';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigIgnitionVersion: Rule = {
  id: 'machineconfig-ignition-version',
  severity: 'error',
  title: "an Ignition version that the target's Machine Config Operator cannot read",
  why: 'The pool goes Degraded, and no change reaches its nodes until the MachineConfig is gone.',
  fix: 'Write the Ignition version of the target, which Butane gives for version <minor>.0.',
  docs: DOCS.butane,

  on: {
    'machine-config'({ config }, report, { version }) {
      if (!config || Object.keys(config).length === 0) return;
      const ignition = at(config, 'ignition', 'version');
      if (isMissing(ignition)) {
        report({
          path: '/spec/config',
          message: "'ignition.version' is missing, and the Machine Config Operator can't tell how to read the config",
        });
        return;
      }
      const problem = isPlaceholder(ignition) ? undefined : ignitionVersionProblem(ignition, version);
      if (problem) report({ path: '/spec/config/ignition/version', message: `'ignition.version' (${show(ignition)}) ${problem}` });
    },
  },
};
