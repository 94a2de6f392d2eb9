import { InputError } from '../../../core/input-error';
import { requireKind, TEXT } from '../../../core/kinds';
import { readNamedFile, fileSource } from '../../../core/local-file';
import type { OpenShiftVersion } from '../../../openshift/openshift-version';

/** The name of OpenShift's command line in a release, and of its image stream. */
const CLI = 'cli';

/** The file of `oc adm release info -o json` has some 200 kB. */
const RELEASE_INFO = {
  bytes: 8 * 1024 * 1024,
  reason: "any release's list of images: name the file that 'oc adm release info -o json' wrote",
};

/**
 * The image of OpenShift's command line, `oc`.
 *
 * Every release has its own, on every cluster and every mirror of the release. Nothing else is taken from it than `bash`, the
 * tools of a base system, and `oc`.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/images/triggering-updates-on-imagestream-changes
 */
export class CliImage {
  /**
   * The image that the cluster's own release has, by its image stream `cli` in the namespace `openshift`.
   *
   * The cluster keeps it at the digest of its release, on a disconnected cluster at that of the mirror, and an update of the cluster
   * updates the pods. The cluster writes the digest into the DaemonSet: a GitOps tool that heals every difference would write its own
   * text back each time, and the pods would start again and again. Give it `digest` or `fromReleaseInfo` instead, or have it
   * ignore `/spec/template/spec/containers/0/image`.
   */
  public static imageStream(): CliImage {
    return new CliImage(undefined);
  }

  /**
   * An image by its digest, which means the same bytes for ever.
   *
   * @param image as `oc adm release info --image-for=cli` prints it
   * @throws when it has no digest
   */
  public static digest(image: string): CliImage {
    requireKind('image', image, TEXT);
    if (!/^[a-z0-9][-a-z0-9._/:]*@sha256:[0-9a-f]{64}$/.test(image)) {
      throw new InputError(
        `'image' ('${image}') must be an image by its digest, such as quay.io/…@sha256:…: `
          + '\'oc adm release info --image-for=cli\' prints that of the cluster\'s release',
      );
    }
    return new CliImage(image);
  }

  /**
   * The image of a release, by its digest, from the list of the release's images.
   *
   * @param path the file that `oc adm release info -o json` wrote, relative to the working directory
   * @throws when the file can't be read, or has no image of that name
   */
  public static fromReleaseInfo(path: string): CliImage {
    const source = fileSource('release file', path);
    const image = cliOf(readNamedFile(path, source, RELEASE_INFO).toString('utf8'));
    if (image === undefined) {
      throw new InputError(`${source} names no image '${CLI}': write it with 'oc adm release info -o json > release.json'`);
    }
    return CliImage.digest(image);
  }

  /**
   * An image by its tag, which may mean other bytes tomorrow: for a mirror whose tags never move.
   *
   * @param image the image, with a tag that is not `latest`
   * @throws when it has no tag, or one that names no version
   */
  public static tag(image: string): CliImage {
    requireKind('image', image, TEXT);
    const [, tag] = /^[a-z0-9][-a-z0-9._/]*(?::\d+\/[-a-z0-9._/]+)?:([\w][\w.-]{0,127})$/.exec(image) ?? [];
    if (tag === undefined || tag === 'latest') {
      throw new InputError(
        `'image' ('${image}') must be an image with a tag of a version, such as 'mirror.example.com/ose-cli-rhel9:v4.16', `
          + 'and not \'latest\', which is another image tomorrow',
      );
    }
    return new CliImage(image);
  }

  private constructor(private readonly image: string | undefined) {}

  /** The image as the pods begin with it. @internal */
  public _image({ minor }: OpenShiftVersion): string {
    return this.image ?? `registry.redhat.io/openshift4/ose-cli${minor >= 16 ? '-rhel9' : ''}:v4.${minor}`;
  }

  /** The annotations that have the cluster replace it. @internal */
  public _annotations(container: string): { readonly [name: string]: string } {
    if (this.image !== undefined) return {};
    // The stream has this one tag, which the Cluster Version Operator sets to the digest of the release.
    const from = { kind: 'ImageStreamTag', name: `${CLI}:latest`, namespace: 'openshift' };
    return {
      'image.openshift.io/triggers': JSON.stringify([
        { from, fieldPath: `spec.template.spec.containers[?(@.name=="${container}")].image` },
      ]),
    };
  }
}

function cliOf(text: string): string | undefined {
  try {
    const tags: unknown = JSON.parse(text)?.references?.spec?.tags;
    const tag = Array.isArray(tags) ? tags.find((each) => each?.name === CLI) : undefined;
    return typeof tag?.from?.name === 'string' ? tag.from.name : undefined;
  } catch {
    return undefined;
  }
}
