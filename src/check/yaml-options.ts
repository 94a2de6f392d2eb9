import type { DocumentOptions, ParseOptions, SchemaOptions, Tags } from 'yaml';

/** Octal as YAML 1.2 and Go write it; the YAML readers of Kubernetes take it beside `0400`. */
const PREFIXED_OCTAL = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^0o[0-7]+$/,
  resolve: (text: string) => parseInt(text.slice(2), 8),
  identify: () => false,
};

/**
 * YAML as `oc`, Argo CD, Flux and Kustomize read it (sigs.k8s.io/yaml, from go-yaml 2): YAML 1.1, where `0400` is octal and
 * `no` is false, but without dates and numbers of base 60.
 */
export const KUBERNETES_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  logLevel: 'silent',
  prettyErrors: false,
  customTags: (tags: Tags) => [
    PREFIXED_OCTAL,
    ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME')),
  ] as Tags,
};
