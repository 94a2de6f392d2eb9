import type { FileFinding } from './check';
import type { JudgeOptions } from '../documents/facts';
import { OpenShiftVersion } from '../openshift/openshift-version';
import { platformOf } from '../openshift/platform';

/**
 * What `properties` of the plugin in `cdk8s.yaml` may hold.
 *
 * @jsii ignore
 */
export interface OpenShiftIpsecValidationProps {
  /** The target, such as `4.16` or `4.16.12`. */
  readonly openshiftVersion?: string;
  /** The platform, such as `BareMetal`. */
  readonly platform?: string;
  readonly hostedControlPlane?: boolean;
  readonly rhelComputeNodes?: boolean;
  /** `error` or `warning`: what makes the validation fail; errors only unless given. */
  readonly failOn?: string;
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/** What cdk8s-cli 2 passes to a plugin, as far as this one needs it; typed here, so that the package needs no cdk8s-cli. */
interface ValidationContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure'): void;
  };
  readonly logger: { log(message: string): void };
}

/**
 * The rules as a validation plugin of cdk8s-cli, which runs it over what `cdk8s synth` wrote.
 *
 * The plugin interface has no severities: what does not fail the validation is told through its log.
 *
 * @jsii ignore
 * @see https://cdk8s.io/docs/latest/cli/synth/
 */
export class OpenShiftIpsecValidation {
  private readonly options: JudgeOptions;
  private readonly failsOnWarnings: boolean;

  public constructor(props: OpenShiftIpsecValidationProps = {}) {
    this.failsOnWarnings = props.failOn === 'warning';
    this.options = {
      version: props.openshiftVersion === undefined ? undefined : OpenShiftVersion.of(String(props.openshiftVersion)),
      platform: props.platform === undefined ? undefined : platformOf(props.platform),
      hostedControlPlane: props.hostedControlPlane,
      rhelComputeNodes: props.rhelComputeNodes,
    };
  }

  public async validate({ manifests, report, logger }: ValidationContext): Promise<void> {
    // Loaded here, because an app that imports the package for its constructs needs no YAML reader.
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { checkInputs } = require('./check') as typeof import('./check');
    const { judgedOf } = require('./reporters/summary') as typeof import('./reporters/summary');
    const { inputFiles } = require('./input-files') as typeof import('./input-files');
    /* eslint-enable @typescript-eslint/no-require-imports */
    const { findings, problems, notes, summary } = checkInputs(inputFiles(manifests), this.options);
    for (const { file, message } of problems) logger.log(`${file}: ${message}`);
    for (const note of notes) logger.log(note);
    logger.log(judgedOf(summary.judged, summary.objects));
    let failed = problems.length > 0;
    for (const finding of findings) {
      if (finding.severity === 'warning' && !this.failsOnWarnings) {
        logger.log(`warning: ${finding.file}:${finding.line}: ${finding.message} (${finding.rule})`);
        continue;
      }
      failed = true;
      report.addViolation(toViolation(finding));
    }
    report.submit(failed ? 'failure' : 'success');
  }
}

function toViolation({ rule, message, fix, object, path, line, file }: FileFinding): Violation {
  return {
    ruleName: rule,
    recommendation: message,
    fix,
    violatingResources: [{ resourceName: object.name, locations: [`${path} (line ${line})`], manifestPath: file }],
  };
}
