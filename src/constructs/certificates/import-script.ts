import { readFileSync } from 'fs';
import { join } from 'path';

/** How certificates get from the MachineConfig's files into the NSS database of a node. */
export enum ImportScript {
  /**
   * A script that ends with exactly the certificate and the CAs of the files in the database, whatever was there before:
   * a renewed certificate replaces the old one, a failure changes nothing and shows in the journal.
   */
  ROTATION_SAFE = 'rotation-safe',
  /**
   * The script and the unit of the OpenShift documentation, byte for byte. A renewed certificate leaves the old one in
   * use until it expires, and a renewed CA makes the unit fail at every boot.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn
   */
  DOCUMENTED = 'documented',
}

/** Where every node has the script, whatever the nickname. */
export const SCRIPT_PATH = '/usr/local/bin/ipsec-addcert.sh';

const SCRIPT_FILES: Readonly<Record<ImportScript, string>> = {
  [ImportScript.ROTATION_SAFE]: 'ipsec-addcert.sh',
  [ImportScript.DOCUMENTED]: 'documented-addcert.sh',
};

/** The script's bytes. */
export function scriptBytes(script: ImportScript): Buffer {
  return nodeScript(SCRIPT_FILES[script]);
}

/** How a script takes in the text that it shares with others. On the node each is one file, with the text in this line's place. */
const SOURCE_LINE = /^source "\$\{0%\/\*\}\/([a-z]+\.sh)"\n/m;

const texts = new Map<string, Buffer>();

/** A script as the node gets it, from the files beside this one; each is read once. */
export function nodeScript(file: string): Buffer {
  let bytes = texts.get(file);
  if (!bytes) {
    const read = (name: string) => readFileSync(join(__dirname, name), 'utf8');
    texts.set(file, bytes = Buffer.from(read(file).replace(SOURCE_LINE, (_, shared: string) => read(shared))));
  }
  return bytes;
}
