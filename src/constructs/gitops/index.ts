export { ArgoCd, ArgoCdOptions } from './argo-cd';
export { ArgoCdGate, ArgoCdGateProps } from './argo-cd-gate';
export { ArgoCdHealthChecks } from './argo-cd-health-checks';
export { FluxKustomizations, FluxKustomizationsProps, FluxSourceKind } from './flux-kustomizations';
export { RhacmPolicies, RhacmPoliciesProps, RhacmRemediation } from './rhacm-policies';
export { RhacmTemplate } from './rhacm-template';
export { ZtpExtraManifests, ZtpExtraManifestsProps } from './ztp-extra-manifests';
