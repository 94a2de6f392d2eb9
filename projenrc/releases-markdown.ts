import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ENCAPSULATION_SINCE } from '../src/openshift/ipsec-config';
import { LIBRESWAN_OPTIONS, ON_DEMAND_RELEASES } from '../src/openshift/libreswan-options';
import { DISRUPTION_POLICY_FLOOR } from '../src/openshift/machine-config-operator';
import { describeFloor, minorsWithIpsecMode, openShiftMinors, OpenShiftVersion, VersionFloor } from '../src/openshift/openshift-version';

const PAGE = join(__dirname, '../docs/supported-releases.md');
const [BEGIN, END] = ['<!-- the releases, written by: npx projen releases -->\n', '<!-- end of the releases -->\n'];

/** The tables of releases, and of what came when, from the rows that the code reads. */
export function releasesMarkdown(): string {
  const withMode = new Set(minorsWithIpsecMode());
  const rows = openShiftMinors().map((minor) => {
    const { butaneVersion, ignitionVersion, _libreswanMajor } = OpenShiftVersion.of(minor);
    return `| ${minor} | ${withMode.has(minor) ? 'yes' : 'MachineConfigs and Butane only'} | ${butaneVersion} | ${ignitionVersion} | ${_libreswanMajor} |`;
  });
  const floors: [string, VersionFloor][] = [
    ['`CertificateRotation` (node disruption policies)', DISRUPTION_POLICY_FLOOR],
    ['`encapsulation`', ENCAPSULATION_SINCE],
    ['`connectMode: ConnectMode.ON_DEMAND`', ON_DEMAND_RELEASES],
    ...LIBRESWAN_OPTIONS.flatMap(({ key, since }): [string, VersionFloor][] => since ? [[`libreswan key \`${key}\``, since]] : []),
  ];
  return `| OpenShift | IPsec | Butane | Ignition | libreswan |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n\n`
    + `| what | from |\n| --- | --- |\n${floors.map(([what, since]) => `| ${what} | ${describeFloor(since)} |`).join('\n')}\n`;
}

/** The page with the tables of today. */
export function withReleases(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/supported-releases.md has no place for the tables: ${BEGIN.trim()} … ${END.trim()}`);
  return page.slice(0, begin + BEGIN.length) + releasesMarkdown() + page.slice(end);
}

if (require.main === module) writeFileSync(PAGE, withReleases(readFileSync(PAGE, 'utf8')));
